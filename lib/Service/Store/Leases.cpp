//===- Leases.cpp - Who compiles what, and for how long -------------------===//

#include "../JsonText.h"
#include "Rows.h"
#include <algorithm>
#include <random>

using namespace tez::service;

static std::string claimSqlFor(const Database &database) {
  return "WITH next AS MATERIALIZED (SELECT seq FROM blueprints WHERE status = 'unvalidated' "
         "AND available_at <= (SELECT lease_now()) ORDER BY seq LIMIT $1 " +
         std::string(database.skipLocked()) +
         ") UPDATE blueprints SET status = 'compiling', worker = $2, fence = fence + 1, "
         "tries = tries + 1, lease_ms = $3, lease_ends = lease_now() + $3, "
         "updated_at = wall_now() WHERE seq IN (SELECT seq FROM next) "
         "RETURNING " TEZ_BLUEPRINT_COLUMNS;
}

static std::string sweepSqlFor(const Database &database) {
  return "WITH ended AS MATERIALIZED (SELECT seq FROM blueprints "
         "WHERE lease_ends <= (SELECT lease_now()) " +
         std::string(database.skipLocked()) +
         ") UPDATE blueprints SET status = CASE WHEN tries < $1 THEN 'unvalidated' "
         "ELSE 'invalid' END, dead_letter = CASE WHEN tries < $1 THEN 0 ELSE 1 END, "
         "reason = 'try ' || tries || ': the lease of worker ' || coalesce(worker, '(unnamed)') "
         "|| ' ended', worker = NULL, lease_ends = NULL, available_at = 0, updated_at = wall_now() "
         "WHERE seq IN (SELECT seq FROM ended)";
}

#define TEZ_WHERE_LEASED                                                                           \
  " WHERE id = $1 AND worker = $2 AND fence = $3 "                                                 \
  "AND lease_ends > (SELECT lease_now()) RETURNING " TEZ_BLUEPRINT_COLUMNS

static constexpr auto heartbeatSql =
    "UPDATE blueprints SET lease_ms = $4, lease_ends = lease_now() + $4, "
    "updated_at = wall_now()" TEZ_WHERE_LEASED;

static constexpr auto returnSql =
    "UPDATE blueprints SET status = 'unvalidated', tries = tries - 1, worker = NULL, "
    "lease_ends = NULL, available_at = 0, updated_at = wall_now()" TEZ_WHERE_LEASED;

// Later: after 1, 2, 4 ... 60 s, times $6 thousandths.
static constexpr auto failSql =
    "UPDATE blueprints SET status = CASE WHEN tries < $4 THEN 'unvalidated' ELSE 'invalid' END, "
    "dead_letter = CASE WHEN tries < $4 THEN 0 ELSE 1 END, "
    "reason = 'try ' || tries || ': ' || $5, worker = NULL, lease_ends = NULL, "
    "available_at = CASE WHEN tries < $4 THEN lease_now() + $6 * "
    "CASE WHEN tries > 6 THEN 60 ELSE (1 << CAST(tries - 1 AS INTEGER)) END ELSE 0 END, "
    "updated_at = wall_now()" TEZ_WHERE_LEASED;

static constexpr auto completeSql =
    "UPDATE blueprints SET status = $4, reason = $5, worker = NULL, lease_ends = NULL, "
    "updated_at = wall_now()" TEZ_WHERE_LEASED;

static constexpr auto leasesSql =
    "SELECT id, worker, fence, tries, lease_ends - (SELECT lease_now()), updated_at, traceparent "
    "FROM blueprints WHERE lease_ends > (SELECT lease_now()) AND worker IS NOT NULL "
    "ORDER BY lease_ends LIMIT 500";

/// 1 s, give or take a quarter: workers that failed together come back apart.
static int64_t jitteredSecond() {
  static thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_int_distribution<int64_t>(750, 1250)(generator);
}

Store::Store(std::unique_ptr<Database> database, std::function<int64_t()> firstWait)
    : database(std::move(database)), firstWait(firstWait ? std::move(firstWait) : jitteredSecond),
      claimSql(claimSqlFor(*this->database)), sweepSql(sweepSqlFor(*this->database)) {}

void Store::sweep() {
  bool some = false; // a write is a commit, also of nothing
  database->read([&](Session &session) {
    some = !session
                .run("SELECT seq FROM blueprints WHERE lease_ends <= (SELECT lease_now()) "
                     "LIMIT 1",
                     {})
                .empty();
  });
  if (some)
    database->write([&](Session &session) { session.run(sweepSql.c_str(), {mostTries}); });
}

std::vector<Blueprint> Store::claim(const ClaimRequest &request) {
  std::vector<Blueprint> claimed;
  database->write([&](Session &session) {
    claimed.clear();
    session.run(sweepSql.c_str(), {mostTries});
    for (const Row &row :
         session.run(claimSql.c_str(), {request.limit, request.worker, request.leaseMilliseconds}))
      claimed.push_back(blueprintOf(row));
  });
  std::ranges::sort(claimed, {}, &Blueprint::seq);
  return claimed;
}

/// What stands against the lease, for a message.
static std::string stateOf(const Blueprint &there) {
  std::string state = there.status + ", fence " + std::to_string(there.fence);
  return there.worker ? state + ", worker " + quoted(*there.worker) : state;
}

/// `changed` is what the update answered; none: it was done before (a call that
/// came twice, `endedAs`), or the lease is not theirs.
Blueprint Store::leased(Session &session, const Lease &lease, std::vector<Row> changed,
                        const std::string &endedAs) {
  if (!changed.empty())
    return blueprintOf(changed[0]);
  std::optional<Blueprint> there = findBlueprint(session, lease.id);
  if (!there)
    throw Refusal(Refusal::Kind::NotFound, "there is no blueprint " + quoted(lease.id));
  if (there->fence == lease.fence && !there->worker && there->status == endedAs &&
      !there->deadLetter)
    return *there;
  throw Refusal(Refusal::Kind::Conflict, "the lease of worker " + quoted(lease.worker) +
                                             " with fence " + std::to_string(lease.fence) +
                                             " on blueprint " + quoted(lease.id) +
                                             " is not in force: found " + stateOf(*there));
}

int64_t Store::claimable(int64_t most) {
  int64_t count = 0;
  database->read([&](Session &session) {
    count = session
                .run("SELECT count(*) FROM (SELECT seq FROM blueprints WHERE status = "
                     "'unvalidated' AND available_at <= (SELECT lease_now()) LIMIT $1) AS free",
                     {most})
                .at(0)
                .integer(0);
  });
  return count;
}

void Store::whenFree(std::function<void()> one, std::function<void()> some) {
  oneIsFree = std::move(one);
  database->listen(std::move(some));
}

void Store::announceOne() {
  if (oneIsFree)
    oneIsFree();
  database->announce();
}

Blueprint Store::heartbeat(const Lease &lease, int64_t leaseMilliseconds) {
  Blueprint result;
  database->write([&](Session &session) {
    auto rows = session.run(heartbeatSql, {lease.id, lease.worker, lease.fence, leaseMilliseconds});
    result = leased(session, lease, std::move(rows), "");
  });
  return result;
}

Blueprint Store::release(const Lease &lease, const std::optional<std::string> &reason) {
  Blueprint result;
  database->write([&](Session &session) {
    std::vector<Parameter> values = {lease.id, lease.worker, lease.fence};
    if (reason)
      values.insert(values.end(), {mostTries, *reason, firstWait()});
    result =
        leased(session, lease, session.run(reason ? failSql : returnSql, values), "unvalidated");
  });
  if (!reason)
    announceOne();
  return result;
}

Blueprint Store::complete(const Lease &lease, const std::string &status,
                          const std::optional<std::string> &reason) {
  Blueprint result;
  database->write([&](Session &session) {
    auto rows =
        session.run(completeSql, {lease.id, lease.worker, lease.fence, status, parameter(reason)});
    result = leased(session, lease, std::move(rows), status);
  });
  return result;
}

std::vector<LiveLease> Store::leases() {
  std::vector<LiveLease> found;
  database->read([&](Session &session) {
    found.clear();
    for (const Row &row : session.run(leasesSql, {}))
      found.push_back({row.text(0), row.text(1), row.integer(2), row.integer(3), row.integer(4),
                       row.integer(5), row.optional(6)});
  });
  return found;
}
