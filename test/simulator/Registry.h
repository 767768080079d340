//===- Registry.h - The registry's own store, behind a bad network -*- C++ -*-===//

#ifndef TEZ_TEST_SIMULATOR_REGISTRY_H
#define TEZ_TEST_SIMULATOR_REGISTRY_H

#include "Simulation.h"
#include <set>

namespace tez::simulator {

struct Reply {
  bool refused = false;
  std::vector<service::Blueprint> rows;
};

/// Kernels that are whole: file and metadata.
struct Objects {
  std::set<std::string> files, sidecars;
  bool away = false;
};

/// Serves calls that arrive late, twice, in another order or not at all; checks
/// each answer against the ledger.
class Registry {
public:
  using Answered = std::function<void(const Reply &)>;
  using Failed = std::function<void()>;

  Registry(World &world, Queue &queue, Objects &objects)
      : world(world), store(queue.store), objects(objects), jitter(queue.jitter),
        ledger(world, queue.tally) {}

  void post(const std::string &id);
  void claim(const std::string &worker, int64_t lease, Answered answered, Failed failed);
  void keep(const service::Lease &lease, int64_t length, Answered answered, Failed failed);
  void release(const service::Lease &lease, bool reason, Answered answered, Failed failed);
  void postKernel(const std::string &id, Answered answered, Failed failed);
  void complete(const service::Lease &lease, const std::string &status, Answered answered,
                Failed failed);
  bool hasKernel(const std::string &id);

  void sweep(); ///< the server does so every second

  /// Of the time that is over: what the store says must be what the ledger says.
  std::vector<service::Blueprint> audit();

  bool away = false;
  double faults = 0; ///< probability of each kind, of each call

private:
  void call(std::function<Reply()> serve, Answered answered, Failed failed);
  Reply served(const std::function<Reply()> &serve);

  World &world;
  service::Store &store;
  Objects &objects;
  int64_t &jitter; ///< what the store drew last
  Ledger ledger;
  std::vector<std::string> ids;
};

} // namespace tez::simulator

#endif // TEZ_TEST_SIMULATOR_REGISTRY_H
