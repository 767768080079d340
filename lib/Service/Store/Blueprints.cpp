//===- Blueprints.cpp - Blueprints come in and are looked at --------------===//

#include "../JsonText.h"
#include "Rows.h"

using namespace tez::service;

static constexpr auto insertSql =
    "INSERT INTO blueprints (id, architecture_ir, metadata, bytes, traceparent, created_at, "
    "updated_at) VALUES ($1, $2, $3, $4, $5, wall_now(), wall_now()) "
    "ON CONFLICT (id) DO NOTHING RETURNING " TEZ_BLUEPRINT_COLUMNS;

static constexpr auto byIdSql = "SELECT " TEZ_BLUEPRINT_COLUMNS " FROM blueprints WHERE id = $1";

// One query each, so that each goes by its index.
#define TEZ_PAGE_OF(FILTER)                                                                        \
  {"SELECT seq, bytes FROM blueprints WHERE " FILTER " seq > $1 ORDER BY seq LIMIT $2",            \
   "SELECT " TEZ_BLUEPRINT_COLUMNS " FROM blueprints WHERE " FILTER                                \
   " seq > $1 AND seq <= $2 ORDER BY seq"}
namespace {
struct PageSql {
  const char *end, *records;
};
} // namespace
static constexpr PageSql all = TEZ_PAGE_OF(""), dead = TEZ_PAGE_OF("dead_letter = 1 AND"),
                         ofStatus = TEZ_PAGE_OF("status = $3 AND"),
                         deadOfStatus = TEZ_PAGE_OF("dead_letter = 1 AND status = $3 AND");

static constexpr auto setStatusSql =
    "UPDATE blueprints SET status = $2, updated_at = wall_now(), worker = NULL, dead_letter = 0, "
    "tries = CASE WHEN $2 = 'compiling' AND status <> 'compiling' THEN tries + 1 "
    "WHEN $2 = 'unvalidated' AND status = 'compiling' AND tries > 0 THEN tries - 1 "
    "WHEN $2 = 'unvalidated' THEN 0 ELSE tries END, "
    "reason = CASE WHEN $2 = 'unvalidated' AND status <> 'compiling' THEN NULL ELSE reason END, "
    "lease_ends = CASE WHEN $2 = 'compiling' THEN lease_now() + 30000 END, "
    "lease_ms = 30000, available_at = 0 WHERE id = $1 AND NOT (worker IS NOT NULL AND "
    "lease_ends > (SELECT lease_now())) RETURNING " TEZ_BLUEPRINT_COLUMNS;

std::optional<Blueprint> tez::service::findBlueprint(Session &session, const std::string &id) {
  std::vector<Row> rows = session.run(byIdSql, {id});
  return rows.empty() ? std::nullopt : std::optional(blueprintOf(rows[0]));
}

static Refusal noBlueprint(const std::string &id) {
  return {Refusal::Kind::NotFound, "there is no blueprint " + quoted(id)};
}

/// It is posted once more: the same, or something else under its name?
static void checkSame(const Blueprint &there, const NewBlueprint &posted) {
  std::string differs;
  if (there.architectureIr != posted.architectureIr)
    differs = "architecture_ir";
  else if (there.metadata.has_value() != posted.metadata.has_value() ||
           (there.metadata && !sameJson(*there.metadata, *posted.metadata)))
    differs = "metadata";
  if (!differs.empty())
    throw Refusal(Refusal::Kind::Conflict,
                  "blueprint " + quoted(posted.id) + " is there already, with another " + differs);
}

Posted<Blueprint> Store::createBlueprint(const NewBlueprint &posted) {
  Posted<Blueprint> result;
  int64_t bytes = posted.architectureIr.size() + (posted.metadata ? posted.metadata->size() : 0);
  database->write([&](Session &session) {
    std::vector<Row> rows =
        session.run(insertSql, {posted.id, posted.architectureIr, parameter(posted.metadata), bytes,
                                parameter(posted.traceparent)});
    if (!rows.empty()) {
      result = {blueprintOf(rows[0]), true};
      return;
    }
    result = {findBlueprint(session, posted.id).value(), false};
    checkSame(result.record, posted);
  });
  if (result.created)
    announceOne();
  return result;
}

std::optional<Blueprint> Store::blueprint(const std::string &id) {
  std::optional<Blueprint> found;
  database->read([&](Session &session) { found = findBlueprint(session, id); });
  return found;
}

Page<Blueprint> Store::blueprints(const BlueprintQuery &query) {
  const PageSql &sql = query.status ? (query.deadLettersOnly ? deadOfStatus : ofStatus)
                                    : (query.deadLettersOnly ? dead : all);
  auto with = [&](int64_t second) {
    std::vector<Parameter> values = {query.after, second};
    if (query.status)
      values.push_back(*query.status);
    return values;
  };
  Page<Blueprint> page;
  database->read([&](Session &session) {
    page = {};
    PageEnd end = pageEnd(session.run(sql.end, with(query.limit + 1)), query.limit);
    for (const Row &row : session.run(sql.records, with(end.last)))
      page.records.push_back(blueprintOf(row));
    page.next = end.next;
  });
  return page;
}

Blueprint Store::setStatus(const std::string &id, const std::string &status) {
  Blueprint result;
  database->write([&](Session &session) {
    std::vector<Row> rows = session.run(setStatusSql, {id, status});
    if (!rows.empty()) {
      result = blueprintOf(rows[0]);
      return;
    }
    std::optional<Blueprint> there = findBlueprint(session, id);
    if (!there)
      throw noBlueprint(id);
    throw Refusal(Refusal::Kind::Conflict, "blueprint " + quoted(id) + " is leased to worker " +
                                               quoted(there->worker.value_or("")) +
                                               ": only that one may set its status");
  });
  if (status == "unvalidated")
    announceOne();
  return result;
}
