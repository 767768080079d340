//===- Retry.cpp ----------------------------------------------------------===//

#include "tez/Service/Worker/Retry.h"
#include <algorithm>
#include <random>

using namespace tez::worker;

void Stop::ask() {
  std::lock_guard lock(mutex);
  if (!stopped)
    since = std::chrono::steady_clock::now();
  stopped = true;
  change.notify_all();
}

bool Stop::asked(Milliseconds ago) const {
  std::lock_guard lock(mutex);
  return stopped && std::chrono::steady_clock::now() - since >= ago;
}

bool Stop::wait(Milliseconds time) const {
  std::unique_lock lock(mutex);
  return change.wait_for(lock, time, [this] { return stopped; });
}

Milliseconds Backoff::delay(unsigned failures, double chance) const {
  unsigned doublings = std::min(failures > 0 ? failures - 1 : 0, 20u);
  Milliseconds whole = std::min(first * (int64_t(1) << doublings), most);
  return Milliseconds(int64_t(double(whole.count()) * (0.75 + 0.5 * chance)));
}

Milliseconds Backoff::delay(unsigned failures) const {
  static thread_local std::minstd_rand generator{std::random_device{}()};
  return delay(failures, std::uniform_real_distribution<double>(0, 1)(generator));
}

void tez::worker::retry(unsigned tries, const Backoff &backoff, const Stop &stop,
                        const std::function<void()> &action) {
  for (unsigned failures = 1;; ++failures)
    try {
      return action();
    } catch (const Unavailable &) {
      if (failures >= tries || stop.wait(backoff.delay(failures)))
        throw;
    }
}
