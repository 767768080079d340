//===- Registry.h - The registry, as a worker sees it -----------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_REGISTRY_H
#define TEZ_SERVICE_WORKER_REGISTRY_H

#include "tez/Service/Worker/Breaker.h"
#include "tez/Service/Worker/Client.h"
#include "tez/Service/Worker/Json.h"
#include <memory>
#include <vector>

namespace tez::worker {

/// The registry answered, and would answer the same again.
struct Refused : std::runtime_error {
  Refused(int status, const std::string &text) : std::runtime_error(text), status(status) {}
  int status;
};

/// It answered that it failed: at what was asked, or altogether.
struct ServerFault : Unavailable {
  using Unavailable::Unavailable;
};

/// The blueprint is another worker's by now, or gone: nothing is left to say of it.
struct LeaseLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A blueprint that this worker has taken.
struct Job {
  std::string id, text;
  int64_t fence = 0;
  int64_t tries = 0;            ///< this one included
  std::string traceparent = {}; ///< of the call that brought it to the registry; "": none
};

struct KernelRow {
  std::string id, blueprintId, pipeline, status, reference;
  Json report;
};

inline constexpr int64_t mostTries = 5;

/// Calls behind a breaker.
class Connection {
public:
  Connection(const Client::Options &options, const Stop &stop, BreakerOptions breaker = {});

  /// An answer from 200 to 299. Throws Unavailable for what can pass later,
  /// Refused for any other.
  HttpAnswer ask(const std::string &method, const std::string &path, const Json &body = {});
  /// The same, which must be JSON.
  Json askJson(const std::string &method, const std::string &path, const Json &body = {});
  Breaker::State breakerState() const { return guard.state(); }

private:
  Client client;
  Guarded guard;
};

/// Posts a blueprint, in the trace of `parent` (a traceparent of W3C's), or in that which follows
/// from its id. Returns what is there then.
Json postBlueprint(Connection &connection, const std::string &id, const std::string &text,
                   const std::string &parent);

/// All throw Unavailable and Refused. For several threads.
class Registry {
public:
  explicit Registry(Connection &connection) : connection(connection) {}
  virtual ~Registry() = default;

  /// Waits so long for one, where the registry can.
  virtual std::optional<Job> claim(std::chrono::seconds wait) = 0;
  /// Prolongs the claim; false: it is lost.
  virtual bool keep(const Job &job) = 0;
  /// With a reason it is a try that failed, without one it is none.
  virtual void giveBack(const Job &job, const std::string &reason) = 0;
  /// `status`: validated or invalid.
  virtual void complete(const Job &job, const std::string &status, const std::string &reason) = 0;
  /// Whether no blueprint waits, those left for later included.
  virtual bool isEmpty() = 0;

  std::vector<KernelRow> kernels(const std::string &blueprintId);
  /// Also good when the same row is there already.
  void post(const KernelRow &row);

protected:
  Connection &connection;
};

/// The one that fits to what answers there: with leases, or the older registry without.
std::unique_ptr<Registry> openRegistry(Connection &connection, const std::string &worker,
                                       int64_t leaseSeconds);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_REGISTRY_H
