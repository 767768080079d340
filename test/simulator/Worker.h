//===- Worker.h - A worker that dies, sleeps and is cut off -----*- C++ -*-===//

#ifndef TEZ_TEST_SIMULATOR_WORKER_H
#define TEZ_TEST_SIMULATOR_WORKER_H

#include "Registry.h"
#include "WatchedBreaker.h"
#include <memory>

namespace tez::simulator {

/// Does what lib/Service/Worker/Lane.cpp does, step by step in simulated time, with
/// the worker's own breaker and delays.
class Worker {
public:
  Worker(World &world, Registry &registry, Objects &objects, int number)
      : world(world), registry(registry), objects(objects), number(number) {}

  void start();
  void kill();  ///< kill -9; it is started anew a while later
  void sleep(); ///< SIGSTOP for longer than a lease, then SIGCONT

  double crashes = 0; ///< probability that a compiler dies
  static constexpr int64_t lease = 30'000;

private:
  using Step = std::function<void()>;

  /// `step`, when this life lasts until then and the worker is awake.
  void later(int64_t delay, Step step);
  Registry::Answered alive(std::function<void(const Reply &)> action);
  Step alive(Step action);

  /// Through the breaker: `go` now, or `refused`.
  void guarded(WatchedBreaker &breaker, const bool &away, const Step &go, const Step &refused);

  void poll();
  void work(const service::Blueprint &claimed);
  void beat(int64_t fence);
  void compile();
  void publish(unsigned failures);
  void putObject(const Step &done, const Step &unavailable);
  void finish(const std::string &status, unsigned failures);
  void giveBack(bool reason);
  void rest(); ///< after a job

  World &world;
  Registry &registry;
  Objects &objects;
  const int number;
  int life = 0;
  int64_t asleepUntil = 0;
  unsigned idle = 0;
  std::optional<service::Lease> held;
  bool lost = false;
  std::unique_ptr<WatchedBreaker> ofRegistry, ofStore;
};

/// What the compiler makes of a blueprint, by its id.
bool isBad(const std::string &id);
bool isPoison(const std::string &id); ///< kills every compiler

} // namespace tez::simulator

#endif // TEZ_TEST_SIMULATOR_WORKER_H
