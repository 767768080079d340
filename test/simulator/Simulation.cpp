//===- Simulation.cpp - One seed ------------------------------------------===//

#include "Simulation.h"
#include "Worker.h"

using namespace tez;
using namespace tez::simulator;

static constexpr int64_t stormEnds = 240'000, mostTime = 3'600'000; ///< milliseconds

namespace {
/// Workers, blueprints and what happens to them.
class Simulation {
public:
  Simulation(World &world, Queue &queue, uint64_t seed)
      : world(world), registry(world, queue, objects), seed(seed) {}
  void run();

private:
  void post();
  void storm();
  void outage(bool &away);
  void sweep();
  bool isOver();
  void judge(const service::Blueprint &there) const;

  World &world;
  Objects objects;
  Registry registry;
  const uint64_t seed;
  std::vector<std::unique_ptr<Worker>> workers;
  int64_t begin = 0;
};
} // namespace

void Simulation::post() {
  auto count = world.between(1, 5);
  for (int64_t i = 0; i < count; ++i) {
    double kind = world.chance();
    const char *name = kind < 0.1 ? "bad" : kind < 0.2 ? "poison" : "good";
    registry.post(name + std::string("-") + std::to_string(seed) + "-" + std::to_string(i));
  }
}

void Simulation::outage(bool &away) {
  away = true;
  world.after(world.between(100, 90'000), [&away] { away = false; });
}

void Simulation::storm() {
  if (world.now >= begin + stormEnds) {
    registry.faults = 0;
    for (auto &worker : workers)
      worker->crashes = 0;
    return;
  }
  Worker &worker = *workers[size_t(world.between(0, int64_t(workers.size()) - 1))];
  double kind = world.chance();
  if (kind < 0.4)
    worker.kill();
  else if (kind < 0.6)
    worker.sleep();
  else if (kind < 0.8)
    outage(registry.away);
  else
    outage(objects.away);
  world.after(world.exponential(15'000), [this] { storm(); });
}

void Simulation::sweep() {
  registry.sweep();
  world.after(1000, [this] { sweep(); });
}

bool Simulation::isOver() {
  for (const service::Blueprint &there : registry.audit())
    if (there.status == "unvalidated" || there.status == "compiling")
      return false;
  return true;
}

void Simulation::judge(const service::Blueprint &there) const {
  bool right = isBad(there.id)      ? there.status == "invalid"
               : isPoison(there.id) ? there.deadLetter
                                    : there.status == "validated" || there.deadLetter;
  if (!right)
    throw Violation(there.id + " ended as " + there.status);
}

void Simulation::run() {
  begin = world.now;
  registry.faults = world.chance() * 0.15;
  post();
  for (int i = 0; i < int(world.between(1, 4)); ++i)
    workers.push_back(std::make_unique<Worker>(world, registry, objects, i));
  for (auto &worker : workers) {
    worker->crashes = world.chance() * 0.2;
    worker->start();
  }
  sweep();
  storm();
  world.run(begin + stormEnds);
  while (!isOver()) {
    if (world.now > begin + mostTime)
      throw Violation("an hour after the last fault there is still something to do");
    world.run(world.now + 10'000);
  }
  for (const service::Blueprint &there : registry.audit())
    judge(there);
}

int64_t simulator::simulate(uint64_t seed, int64_t start, Queue &queue) {
  World world(seed, start);
  queue.world = &world;
  Simulation(world, queue, seed).run();
  return world.now;
}
