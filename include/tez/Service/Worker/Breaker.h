//===- Breaker.h - Leaves a dependency alone that fails ---------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_BREAKER_H
#define TEZ_SERVICE_WORKER_BREAKER_H

#include "tez/Service/Worker/Retry.h"

namespace tez::worker {

struct BreakerOptions {
  unsigned failures = 3; ///< in a row that open it
  Milliseconds open{45'000};
  unsigned successes = 2; ///< in a row that close it again
};

/// Closed: calls go. Open: none goes for a while; then one caller is told to
/// check its health. Half open: calls go, the first failure opens it again.
/// Not for several threads.
class Breaker {
public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State { Closed, Open, Checking, HalfOpen };
  enum class Answer { Go, Wait, CheckHealth };

  explicit Breaker(BreakerOptions options = {}) : options(options) {}

  Answer ask(Time now);
  void checked(bool healthy, Time now); ///< after CheckHealth
  void succeeded();
  void failed(Time now);
  State state() const { return current; }

private:
  void openAt(Time now);

  BreakerOptions options;
  State current = State::Closed;
  unsigned count = 0; ///< of failures when closed, of successes when half open
  Time openUntil;
};

/// A dependency behind a breaker, for several threads.
class Guarded {
public:
  /// `healthy` asks the dependency how it is, without the breaker.
  Guarded(std::string name, std::function<bool()> healthy, BreakerOptions options = {})
      : name(std::move(name)), healthy(std::move(healthy)), breaker(options) {}

  /// What `action` throws goes on; only Unavailable counts as a failure of the
  /// dependency. Throws Unavailable without running it while the breaker is open.
  void run(const std::function<void()> &action);
  bool isOpen() const { return state() == Breaker::State::Open; }
  Breaker::State state() const;

private:
  void enter();
  [[noreturn]] void refuse() const;
  template <typename Change> void change(Change change);

  const std::string name;
  const std::function<bool()> healthy;
  mutable std::mutex mutex;
  Breaker breaker;
  std::string lastFault;
};

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_BREAKER_H
