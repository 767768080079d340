//===- WatchedBreaker.h - The worker's breaker, and what it must do -*- C++ -*-===//

#ifndef TEZ_TEST_SIMULATOR_WATCHEDBREAKER_H
#define TEZ_TEST_SIMULATOR_WATCHEDBREAKER_H

#include "World.h"
#include "tez/Service/Worker/Breaker.h"
#include <optional>

namespace tez::simulator {

/// Compares each answer with the rules as docs/worker.md tells them.
class WatchedBreaker {
public:
  explicit WatchedBreaker(const World &world) : world(world) {}

  worker::Breaker::Answer ask() {
    using Answer = worker::Breaker::Answer;
    bool rests = openedAt && world.now < *openedAt + 45'000;
    Answer expected = !openedAt           ? Answer::Go
                      : rests || checking ? Answer::Wait
                                          : Answer::CheckHealth;
    Answer found = breaker.ask(time());
    if (found != expected)
      throw Violation("the breaker answers " + std::to_string(int(found)) + ", not " +
                      std::to_string(int(expected)));
    checking |= found == Answer::CheckHealth;
    return found;
  }
  void checked(bool well) {
    breaker.checked(well, time());
    checking = false;
    openedAt = well ? std::nullopt : std::optional(world.now);
    onTrial = well ? 2 : 0;
    failuresInARow = 0;
  }
  void succeeded() {
    breaker.succeeded();
    if (openedAt) // an answer to what was asked before
      return;
    failuresInARow = 0;
    onTrial -= onTrial > 0;
  }
  void failed() {
    breaker.failed(time());
    if (openedAt)
      return;
    if (onTrial > 0 || ++failuresInARow == 3)
      openedAt = world.now;
  }

private:
  worker::Breaker::Time time() const {
    return worker::Breaker::Time(std::chrono::milliseconds(world.now));
  }

  const World &world;
  worker::Breaker breaker;
  std::optional<int64_t> openedAt;
  bool checking = false;
  int failuresInARow = 0, onTrial = 0; ///< successes that are still needed
};

} // namespace tez::simulator

#endif // TEZ_TEST_SIMULATOR_WATCHEDBREAKER_H
