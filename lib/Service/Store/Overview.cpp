//===- Overview.cpp -------------------------------------------------------===//

#include "Rows.h"

using namespace tez::service;

static int64_t single(Session &session, const char *sql) {
  return session.run(sql, {}).at(0).integer(0);
}

// The texts stay where they are: nobody reads twenty networks at a glance.
#define TEZ_BRIEF                                                                                  \
  "SELECT seq, id, '', NULL, status, created_at, updated_at, worker, fence, tries, reason, "       \
  "dead_letter, NULL FROM blueprints "
static constexpr auto waitingSql = TEZ_BRIEF "WHERE status = 'unvalidated' ORDER BY seq LIMIT 20";
static constexpr auto newestSql = TEZ_BRIEF "ORDER BY seq DESC LIMIT 20";
static constexpr auto newestKernelsSql = "SELECT seq, id, blueprint_id, status, "
                                         "compilation_pipeline, kernel_binary_ref, '', created_at, "
                                         "updated_at, NULL FROM kernels ORDER BY seq DESC LIMIT 20";

static void addRecords(Session &session, Overview &view) {
  for (const Row &row : session.run(waitingSql, {}))
    view.waiting.push_back(blueprintOf(row));
  for (const Row &row : session.run(newestSql, {}))
    view.newest.push_back(blueprintOf(row));
  for (const Row &row : session.run(newestKernelsSql, {}))
    view.newestKernels.push_back(kernelOf(row));
}

Overview Store::overview() {
  Overview view;
  database->read([&](Session &session) {
    view = {};
    for (std::string_view status : blueprintStatuses) {
      auto rows =
          session.run("SELECT count(*) FROM blueprints WHERE status = $1", {std::string(status)});
      view.counts.push_back({std::string(status), rows.at(0).integer(0)});
    }
    view.deadLetters = single(session, "SELECT count(*) FROM blueprints WHERE dead_letter = 1");
    view.kernels = single(session, "SELECT count(*) FROM kernels");
    view.now = single(session, "SELECT wall_now()");
    addRecords(session, view);
    auto oldest = session.run("SELECT created_at FROM blueprints WHERE status = 'unvalidated' "
                              "ORDER BY seq LIMIT 1",
                              {});
    if (!oldest.empty())
      view.oldestCreatedAt = oldest[0].integer(0);
  });
  return view;
}
