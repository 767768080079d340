//===- World.h - A time that is not the machine's ---------------*- C++ -*-===//

#ifndef TEZ_TEST_SIMULATOR_WORLD_H
#define TEZ_TEST_SIMULATOR_WORLD_H

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string>

namespace tez::simulator {

/// What must never be.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Events in the order of their time, and chances that a seed repeats.
class World {
public:
  World(uint64_t seed, int64_t start) : now(start), generator(seed) {}

  /// Milliseconds from now.
  void after(int64_t delay, std::function<void()> action) {
    events.emplace(now + delay, std::move(action));
  }
  /// Until nothing is left to happen, or `end`.
  void run(int64_t end) {
    while (!events.empty() && events.begin()->first <= end) {
      auto event = events.extract(events.begin());
      now = event.key();
      event.mapped()();
    }
  }

  double chance() { return std::uniform_real_distribution<double>(0, 1)(generator); }
  bool happens(double probability) { return chance() < probability; }
  int64_t between(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(generator);
  }
  /// Of services and arrivals: most are short, some are long.
  int64_t exponential(double mean) {
    return int64_t(std::exponential_distribution<double>(1 / mean)(generator));
  }

  int64_t now; ///< milliseconds

private:
  std::mt19937_64 generator;
  std::multimap<int64_t, std::function<void()>> events; ///< equal times: as they came
};

} // namespace tez::simulator

#endif // TEZ_TEST_SIMULATOR_WORLD_H
