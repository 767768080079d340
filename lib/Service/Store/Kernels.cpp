//===- Kernels.cpp --------------------------------------------------------===//

#include "../JsonText.h"
#include "Rows.h"

using namespace tez::service;

static constexpr auto insertSql =
    "INSERT INTO kernels (id, blueprint_id, status, compilation_pipeline, kernel_binary_ref, "
    "validation_report, bytes, traceparent, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, wall_now(), wall_now()) "
    "ON CONFLICT (id) DO NOTHING RETURNING " TEZ_KERNEL_COLUMNS;

static constexpr auto byIdSql = "SELECT " TEZ_KERNEL_COLUMNS " FROM kernels WHERE id = $1";

static constexpr auto endSql = "SELECT seq, bytes FROM kernels WHERE seq > $1 "
                               "ORDER BY seq LIMIT $2";
static constexpr auto recordsSql = "SELECT " TEZ_KERNEL_COLUMNS " FROM kernels "
                                   "WHERE seq > $1 AND seq <= $2 ORDER BY seq";
static constexpr auto endOfSql = "SELECT seq, bytes FROM kernels WHERE blueprint_id = $3 "
                                 "AND seq > $1 ORDER BY seq LIMIT $2";
static constexpr auto recordsOfSql = "SELECT " TEZ_KERNEL_COLUMNS " FROM kernels "
                                     "WHERE blueprint_id = $3 AND seq > $1 AND seq <= $2 "
                                     "ORDER BY seq";

static std::optional<Kernel> findKernel(Session &session, const std::string &id) {
  std::vector<Row> rows = session.run(byIdSql, {id});
  return rows.empty() ? std::nullopt : std::optional(kernelOf(rows[0]));
}

/// The names of the fields in which the posted one differs, as the API calls them.
static std::string differences(const Kernel &there, const NewKernel &posted) {
  std::string names;
  auto note = [&](bool differs, const char *name) {
    if (differs)
      (names += names.empty() ? "" : ", ") += name;
  };
  note(there.blueprintId != posted.blueprintId, "blueprint_id");
  note(there.status != posted.status, "status");
  note(there.pipeline != posted.pipeline, "compilation_pipeline");
  note(there.binaryRef != posted.binaryRef, "kernel_binary_ref");
  note(!sameJson(there.report, posted.report), "validation_report");
  return names;
}

static Posted<Kernel> alreadyThere(const Kernel &there, const NewKernel &posted) {
  std::string names = differences(there, posted);
  if (!names.empty())
    throw Refusal(Refusal::Kind::Conflict,
                  "kernel " + quoted(posted.id) + " is there already, with another " + names);
  return {there, false};
}

Posted<Kernel> Store::postKernel(const NewKernel &posted) {
  Posted<Kernel> result;
  database->write([&](Session &session) {
    if (!findBlueprint(session, posted.blueprintId))
      throw Refusal(Refusal::Kind::NotFound,
                    "blueprint_id: there is no blueprint " + quoted(posted.blueprintId));
    int64_t bytes = posted.report.size() + posted.binaryRef.size();
    std::vector<Row> rows = session.run(
        insertSql, {posted.id, posted.blueprintId, posted.status, posted.pipeline, posted.binaryRef,
                    posted.report, bytes, parameter(posted.traceparent)});
    result = rows.empty() ? alreadyThere(findKernel(session, posted.id).value(), posted)
                          : Posted<Kernel>{kernelOf(rows[0]), true};
  });
  return result;
}

std::optional<Kernel> Store::kernel(const std::string &id) {
  std::optional<Kernel> found;
  database->read([&](Session &session) { found = findKernel(session, id); });
  return found;
}

Page<Kernel> Store::kernels(const KernelQuery &query) {
  auto with = [&](int64_t second) {
    std::vector<Parameter> values = {query.after, second};
    if (query.blueprintId)
      values.push_back(*query.blueprintId);
    return values;
  };
  Page<Kernel> page;
  database->read([&](Session &session) {
    page = {};
    auto ends = session.run(query.blueprintId ? endOfSql : endSql, with(query.limit + 1));
    PageEnd end = pageEnd(ends, query.limit);
    for (const Row &row :
         session.run(query.blueprintId ? recordsOfSql : recordsSql, with(end.last)))
      page.records.push_back(kernelOf(row));
    page.next = end.next;
  });
  return page;
}
