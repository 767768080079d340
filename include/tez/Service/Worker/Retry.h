//===- Retry.h - What can pass later ----------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_RETRY_H
#define TEZ_SERVICE_WORKER_RETRY_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>

namespace tez::worker {

using Milliseconds = std::chrono::milliseconds;

/// The registry or the store does not do its part now; it may later.
struct Unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A job or call was given up, because the end was asked for or the claim is lost.
struct GivenUp : std::runtime_error {
  GivenUp() : std::runtime_error("given up") {}
};

/// An end asked for from outside; whoever waits wakes.
class Stop {
public:
  void ask();
  /// Whether it was asked for, so long ago at least.
  bool asked(Milliseconds ago = Milliseconds(0)) const;
  /// True when the end was asked for, at once.
  bool wait(Milliseconds time) const;

private:
  mutable std::mutex mutex;
  mutable std::condition_variable change;
  bool stopped = false;
  std::chrono::steady_clock::time_point since;
};

/// Delays that double from `first` to `most`, give or take a quarter: those
/// who failed together come back apart.
struct Backoff {
  Milliseconds first{250}, most{5000};

  /// After `failures` in a row (from 1 on); `chance` is from 0 to 1.
  Milliseconds delay(unsigned failures, double chance) const;
  Milliseconds delay(unsigned failures) const; ///< with a chance of its own
};

/// Runs `action` again while it throws Unavailable, `tries` times in all, with
/// delays between; the last fault goes on, and any other at once.
void retry(unsigned tries, const Backoff &backoff, const Stop &stop,
           const std::function<void()> &action);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_RETRY_H
