//===- Worker.cpp ---------------------------------------------------------===//

#include "Lane.h"
#include "Log.h"
#include "Telemetry/Exporter.h"
#include <latch>
#include <thread>

using namespace tez::worker;

namespace {
/// The lanes' threads, and the first fault that ended one of them. There are twice as many as
/// compilers: storing and posting are short beside compiling.
class Crew {
public:
  Crew(Shop &shop, Stop &stop) : stop(stop), ended(2 * shop.options.workers) {
    for (unsigned i = 0; i < 2 * shop.options.workers; ++i)
      lanes.push_back(std::make_unique<Lane>(shop));
  }
  void work();
  /// Every third of a lease, so that two may fail.
  void keepClaims(const Stop &end, Milliseconds lease);

private:
  void workIn(Lane &lane);

  Stop &stop;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::latch ended; ///< a compiler dies with the lane that started it, whoever uses it then
  std::mutex mutex;
  std::exception_ptr fault;
};
} // namespace

void Crew::workIn(Lane &lane) {
  try {
    lane.run();
  } catch (...) {
    std::lock_guard lock(mutex);
    if (!fault)
      fault = std::current_exception();
    stop.ask();
  }
  ended.arrive_and_wait();
}

void Crew::work() {
  std::vector<std::thread> threads;
  for (auto &lane : lanes)
    threads.emplace_back([&] { workIn(*lane); });
  for (std::thread &thread : threads)
    thread.join();
  if (fault)
    std::rethrow_exception(fault);
}

void Crew::keepClaims(const Stop &end, Milliseconds lease) {
  while (!end.wait(lease / 3))
    for (auto &lane : lanes)
      lane->heartbeat();
}

static std::unique_ptr<Registry> reach(Connection &connection, const WorkerOptions &options,
                                       const Stop &stop) {
  std::unique_ptr<Registry> registry;
  retry(options.once ? 5 : 1'000'000, {Milliseconds(250), Milliseconds(5000)}, stop, [&] {
    try {
      registry = openRegistry(connection, options.name, options.leaseSeconds);
    } catch (const Unavailable &fault) {
      log("error", "no registry", {{"reason", fault.what()}});
      if (stop.asked())
        throw GivenUp();
      throw;
    }
  });
  return registry;
}

void tez::worker::runWorker(const WorkerOptions &options, Stop &stop) {
  std::unique_ptr<ObjectStore> store = openStore(options.store, options.work, stop);
  Connection connection({.base = options.registry, .token = options.token}, stop);
  std::unique_ptr<Registry> registry = reach(connection, options, stop);
  Metrics metrics;
  Webhook webhook(options.webhook, options.webhookSecret, stop, metrics);
  CompilerPool compilers(options.compiler, options.limits, options.workers);
  Shop shop{options, stop,    *registry, *store, {"store", [&] { return store->isHealthy(); }},
            metrics, webhook, compilers};
  std::optional<Exporter> exporter;
  if (!options.metrics.empty())
    exporter.emplace(options.metrics, [&] {
      return metrics.text(
          {{"registry", connection.breakerState()}, {"store", shop.storeGuard.state()}});
    });
  log("info", "started",
      {{"worker", options.name},
       {"workers", options.workers},
       {"metrics", exporter ? exporter->url() : ""}});
  Crew crew(shop, stop);
  Stop end;
  std::thread keeper([&] { crew.keepClaims(end, std::chrono::seconds(options.leaseSeconds)); });
  auto finish = [&] {
    end.ask();
    keeper.join();
  };
  try {
    crew.work();
  } catch (...) {
    finish();
    throw;
  }
  finish();
  log("info", "ended", {{"worker", options.name}});
}
