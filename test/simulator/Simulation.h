//===- Simulation.h - One seed ----------------------------------*- C++ -*-===//

#ifndef TEZ_TEST_SIMULATOR_SIMULATION_H
#define TEZ_TEST_SIMULATOR_SIMULATION_H

#include "Ledger.h"
#include "tez/Service/Store.h"

namespace tez::simulator {

/// The registry's store in a file, with the clock and the chances of a world.
class Queue {
public:
  Queue(const std::string &file, Tally &tally)
      : tally(tally),
        store(service::openSqlite(file, {[this] { return world ? world->now : 0; }, "boot"}),
              [this] { return jitter = world->between(750, 1250); }) {}

  Tally &tally;
  World *world = nullptr; ///< the present one
  int64_t jitter = 0;     ///< that the store drew last
  service::Store store;
};

/// Everything that `seed` brings about, from `start` on; returns when it ended.
/// Throws Violation.
int64_t simulate(uint64_t seed, int64_t start, Queue &queue);

} // namespace tez::simulator

#endif // TEZ_TEST_SIMULATOR_SIMULATION_H
