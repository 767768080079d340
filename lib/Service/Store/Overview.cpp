//===- Overview.cpp -------------------------------------------------------===//

#include "Rows.h"

using namespace tez::service;

static int64_t single(Session &session, const char *sql) {
  return session.run(sql, {}).at(0).integer(0);
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
    auto oldest = session.run("SELECT created_at FROM blueprints WHERE status = 'unvalidated' "
                              "ORDER BY seq LIMIT 1",
                              {});
    if (!oldest.empty())
      view.oldestCreatedAt = oldest[0].integer(0);
  });
  return view;
}
