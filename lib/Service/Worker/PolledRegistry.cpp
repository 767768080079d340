//===- PolledRegistry.cpp - The older registry, without leases ------------===//
//
// Nobody owns a blueprint there: two workers may both set it `compiling`. So what a
// worker does must be right when done twice, and it looks before it writes.
//
//===----------------------------------------------------------------------===//

#include "Log.h"
#include "Registries.h"
#include "tez/Service/Worker/Time.h"
#include <map>
#include <set>

using namespace tez::worker;
using Clock = std::chrono::steady_clock;

static constexpr int64_t abandonedAfter = 30'000'000; ///< microseconds

namespace {
class PolledRegistry : public Registry {
public:
  using Registry::Registry;

  std::optional<Job> claim(std::chrono::seconds wait) override;
  bool keep(const Job &job) override;
  void giveBack(const Job &job, const std::string &reason) override;
  void complete(const Job &job, const std::string &status, const std::string &reason) override;
  bool isEmpty() override;

private:
  struct Failures {
    int64_t count = 0;   ///< of tries
    int64_t skipped = 0; ///< times that it could not even be taken
    Clock::time_point notBefore;
  };
  struct Listed {
    Json rows;
    int64_t now; ///< by the registry's clock, where it tells
  };
  Listed list(const std::string &status);
  std::vector<Json> waiting();
  std::vector<Json> abandoned();
  std::optional<Job> take(const Json &row);
  std::optional<Job> takeOne(const std::vector<Json> &rows);
  std::string statusOf(const std::string &id);
  void put(const std::string &id, const std::string &status);
  bool isFree(const std::string &id) const;
  void postpone(const std::string &id, int64_t times);
  void skip(const std::string &id, const char *reason);

  std::mutex mutex; ///< of the two maps, and held through a claim
  std::set<std::string> taken;
  std::map<std::string, Failures> failures;
};
} // namespace

/// Ids that no path can name: there they stay, and nobody can help it.
static bool isAddressable(const std::string &id) {
  return !id.empty() && id != "." && id != ".." && id.find('/') == std::string::npos;
}

PolledRegistry::Listed PolledRegistry::list(const std::string &status) {
  HttpAnswer answer;
  std::string path = "/api/v1/blueprints?status_filter=" + status + "&limit=";
  try {
    answer = connection.ask("GET", path + "1000");
  } catch (const Refused &) { // more than it gives at once
    answer = connection.ask("GET", path + "100");
  }
  auto rows = parseJson(answer.body);
  if (!rows || !rows->is_array())
    throw Unavailable("GET " + path + " answered what is no array");
  return {std::move(*rows), answer.serverTime ? answer.serverTime : microsecondsNow()};
}

/// The queue shows the ten oldest, and those that cannot be addressed stand at
/// its head; then the list shows more.
std::vector<Json> PolledRegistry::waiting() {
  auto addressable = [](const Json &rows) {
    std::vector<Json> found;
    for (const Json &row : rows)
      if (isAddressable(textAt(row, "id")))
        found.push_back(row);
    return found;
  };
  Json queue = connection.askJson("GET", "/internal/v1/blueprints/unvalidated");
  if (queue.empty())
    return {};
  auto found = addressable(queue);
  for (const Json &row : found)
    if (isFree(textAt(row, "id")))
      return found;
  return addressable(list("unvalidated").rows);
}

std::vector<Json> PolledRegistry::abandoned() {
  std::vector<Json> found;
  auto [rows, now] = list("compiling");
  for (const Json &row : rows) {
    auto updated = parseTime(textAt(row, "updated_at"));
    if (updated && now - *updated >= abandonedAfter && isAddressable(textAt(row, "id")))
      found.push_back(row);
  }
  return found;
}

bool PolledRegistry::isFree(const std::string &id) const {
  auto failed = failures.find(id);
  return !taken.contains(id) &&
         (failed == failures.end() || failed->second.notBefore <= Clock::now());
}

void PolledRegistry::postpone(const std::string &id, int64_t times) {
  Backoff backoff{Milliseconds(1000), Milliseconds(60'000)};
  failures[id].notBefore = Clock::now() + backoff.delay(unsigned(times));
}

/// The registry cannot do with it: the others go on.
void PolledRegistry::skip(const std::string &id, const char *reason) {
  log("warning", "not taken", {{"blueprint", id}, {"reason", reason}});
  postpone(id, ++failures[id].skipped);
}

/// `row` is what the list said; by now another may have it.
std::optional<Job> PolledRegistry::take(const Json &row) {
  std::string id = textAt(row, "id");
  Json now = connection.askJson("GET", "/api/v1/blueprints/" + encoded(id));
  if (textAt(now, "id") != id || textAt(now, "status") != textAt(row, "status") ||
      textAt(now, "updated_at") != textAt(row, "updated_at"))
    return std::nullopt;
  taken.insert(id);
  try {
    put(id, "compiling");
  } catch (const GivenUp &) { // it may have arrived: then it is given back
    return Job{id, "", 0, 0};
  } catch (...) {
    taken.erase(id);
    throw;
  }
  return Job{id, textAt(now, "architecture_ir"), 0, failures[id].count + 1};
}

std::optional<Job> PolledRegistry::takeOne(const std::vector<Json> &rows) {
  for (const Json &row : rows) {
    std::string id = textAt(row, "id");
    if (!isFree(id))
      continue;
    try {
      if (auto job = take(row))
        return job;
    } catch (const ServerFault &fault) {
      skip(id, fault.what());
    } catch (const Refused &fault) {
      skip(id, fault.what());
    }
  }
  return std::nullopt;
}

std::optional<Job> PolledRegistry::claim(std::chrono::seconds) {
  std::lock_guard lock(mutex);
  if (auto job = takeOne(waiting()))
    return job;
  return takeOne(abandoned());
}

std::string PolledRegistry::statusOf(const std::string &id) {
  return textAt(connection.askJson("GET", "/api/v1/blueprints/" + encoded(id)), "status");
}

void PolledRegistry::put(const std::string &id, const std::string &status) {
  connection.ask("PUT", pathOf(id, "/status"), {{"status", status}});
}

bool PolledRegistry::keep(const Job &job) {
  if (statusOf(job.id) != "compiling")
    return false; // another came to the end of it
  put(job.id, "compiling");
  return true;
}

void PolledRegistry::giveBack(const Job &job, const std::string &reason) {
  bool last = false;
  {
    std::lock_guard lock(mutex);
    taken.erase(job.id);
    if (!reason.empty()) {
      last = ++failures[job.id].count >= mostTries;
      postpone(job.id, failures[job.id].count);
    }
  }
  if (statusOf(job.id) == "compiling")
    put(job.id, last ? "invalid" : "unvalidated");
}

void PolledRegistry::complete(const Job &job, const std::string &status, const std::string &) {
  put(job.id, status);
  std::lock_guard lock(mutex);
  taken.erase(job.id);
  failures.erase(job.id);
}

bool PolledRegistry::isEmpty() {
  std::lock_guard lock(mutex);
  for (const Json &row : waiting())
    if (auto failed = failures.find(textAt(row, "id"));
        failed == failures.end() || failed->second.skipped < mostTries)
      return false;
  return true;
}

std::unique_ptr<Registry> tez::worker::makePolledRegistry(Connection &connection) {
  return std::make_unique<PolledRegistry>(connection);
}
