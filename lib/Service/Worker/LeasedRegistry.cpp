//===- LeasedRegistry.cpp - tez serve -------------------------------------===//

#include "Registries.h"

using namespace tez::worker;

static constexpr size_t mostReason = 4000;

std::string tez::worker::shortened(const std::string &reason) {
  if (reason.size() <= mostReason)
    return reason;
  size_t end = mostReason;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0) == 0x80)
    --end; // not within a character
  return reason.substr(0, end);
}

namespace {
class LeasedRegistry : public Registry {
public:
  LeasedRegistry(Connection &connection, std::string worker, int64_t leaseSeconds)
      : Registry(connection), worker(std::move(worker)), leaseSeconds(leaseSeconds) {}

  std::optional<Job> claim(std::chrono::seconds wait) override;
  bool keep(const Job &job) override;
  void giveBack(const Job &job, const std::string &reason) override;
  void complete(const Job &job, const std::string &status, const std::string &reason) override;
  bool isEmpty() override;

private:
  Json lease(const Job &job) const { return {{"worker", worker}, {"fence", job.fence}}; }
  Json askForClaims(std::chrono::seconds wait);

  const std::string worker;
  const int64_t leaseSeconds;
  std::atomic<bool> knowsWaiting = true;
};
} // namespace

/// A registry from before there was waiting refuses to be asked for it.
Json LeasedRegistry::askForClaims(std::chrono::seconds wait) {
  Json body = {{"worker", worker}, {"limit", 1}, {"lease_seconds", leaseSeconds}};
  if (wait.count() > 0 && knowsWaiting)
    body["wait_seconds"] = wait.count();
  try {
    return connection.askJson("POST", "/internal/v1/claims", body);
  } catch (const Refused &refused) {
    if (refused.status != 422 || !body.contains("wait_seconds"))
      throw;
    knowsWaiting = false;
    return askForClaims(wait);
  }
}

std::optional<Job> LeasedRegistry::claim(std::chrono::seconds wait) {
  Json claimed = askForClaims(wait);
  if (!claimed.is_array() || claimed.empty())
    return std::nullopt;
  const Json &row = claimed[0];
  const Json &fence = valueAt(row, "fence"), &tries = valueAt(row, "tries");
  if (!fence.is_number_integer() || textAt(row, "id").empty())
    throw Unavailable("POST /internal/v1/claims answered a claim without id or fence");
  return Job{textAt(row, "id"), textAt(row, "architecture_ir"), fence.get<int64_t>(),
             tries.is_number_integer() ? tries.get<int64_t>() : 1, textAt(row, "traceparent")};
}

/// The fence is not in force, or the blueprint is gone.
static bool isOfLease(const Refused &refused) {
  return refused.status == 409 || refused.status == 404;
}

bool LeasedRegistry::keep(const Job &job) {
  Json body = lease(job);
  body["lease_seconds"] = leaseSeconds;
  try {
    connection.ask("POST", pathOf(job.id, "/heartbeat"), body);
    return true;
  } catch (const Refused &refused) {
    if (isOfLease(refused))
      return false;
    throw;
  }
}

void LeasedRegistry::giveBack(const Job &job, const std::string &reason) {
  Json body = lease(job);
  if (!reason.empty())
    body["reason"] = shortened(reason);
  connection.ask("POST", pathOf(job.id, "/release"), body);
}

void LeasedRegistry::complete(const Job &job, const std::string &status,
                              const std::string &reason) {
  Json body = lease(job);
  body["status"] = status;
  if (!reason.empty())
    body["reason"] = shortened(reason);
  try {
    connection.ask("POST", pathOf(job.id, "/complete"), body);
  } catch (const Refused &refused) {
    if (isOfLease(refused))
      throw LeaseLost(refused.what());
    throw;
  }
}

bool LeasedRegistry::isEmpty() {
  return connection.askJson("GET", "/api/v1/blueprints?status_filter=unvalidated&limit=1").empty();
}

std::unique_ptr<Registry> tez::worker::makeLeasedRegistry(Connection &connection,
                                                          const std::string &worker,
                                                          int64_t leaseSeconds) {
  return std::make_unique<LeasedRegistry>(connection, worker, leaseSeconds);
}
