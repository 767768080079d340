//===- Lane.h - One blueprint after the other -------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_LANE_H
#define TEZ_LIB_SERVICE_WORKER_LANE_H

#include "Compilation.h"
#include "CompilerPool.h"
#include "Telemetry/Trace.h"
#include "Telemetry/Webhook.h"
#include <atomic>

namespace tez::worker {

/// What the lanes of a worker share.
struct Shop {
  const WorkerOptions &options;
  const Stop &stop;
  Registry &registry;
  const ObjectStore &store;
  Guarded storeGuard;
  Metrics &metrics;
  const Webhook &webhook;
  CompilerPool &compilers;
};

/// Claims, compiles and publishes in a thread. It claims when it has a compiler, so that no
/// blueprint waits for one, and publishes without it.
class Lane {
public:
  explicit Lane(Shop &shop) : shop(shop) {}

  /// Until the end. Throws what keeps it from beginning.
  void run();
  /// By another thread, now and then: keeps the claim under way.
  void heartbeat();

private:
  void warmUp();
  bool step();
  void work(const Job &job);
  void attempt(const Job &job);
  Compilation compileIn(const std::filesystem::path &folder, const Job &job);
  bool wasPublished(const Job &job);
  Json publish(const Job &job, const Compilation &made);
  void finishKernel(const Job &job, const Compilation &made);
  void finishModel(const Job &job, const Compilation &made);
  void noteFallback(const Job &job, const char *to, const std::string &reason);
  void finish(const Job &job, Verdict verdict, const std::string &reason);
  void fail(const Job &job, const std::string &reason);
  void refuse(const Job &job, const std::string &reason);
  void report(const Job &job, const char *event, const std::string &reason);
  void keepTrace(const Trace &trace) const;
  void giveBack(const Job &job, const std::string &reason);
  void needStore();
  void hold(const Job *job);

  Shop &shop;
  std::optional<CompilerPool::Use> compiler; ///< from before a claim until it is compiled
  unsigned idle = 0, failures = 0;           ///< in a row
  std::mutex mutex;                          ///< of `held`
  std::optional<Job> held;
  std::atomic<bool> lost = false;
};

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_LANE_H
