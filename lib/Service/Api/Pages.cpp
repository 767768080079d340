//===- Pages.cpp - What is about the registry itself ----------------------===//

#include "../JsonText.h"
#include "Calls.h"
#include "tez/Service/Embedded.h"
#include "tez/Support/Version.h"

using namespace tez::service;

http::Response tez::service::alive() {
  return {200, JsonObject().text("status", "ok").text("version", tez::version).done()};
}

static http::Response health(Call &call) {
  call.query.finish();
  return alive();
}

static http::Response metrics(Call &call) {
  call.query.finish();
  std::string text = call.metrics.text(call.store.overview(), call.store.leases().size());
  return {200, text, "text/plain; version=0.0.4; charset=utf-8"};
}

static http::Response description(Call &call) {
  call.query.finish();
  return {200, std::string(embeddedText("openapi.json"))};
}

static http::Response overview(Call &call) {
  call.query.finish();
  Overview view = call.store.overview();
  JsonObject counts;
  for (const Overview::Count &count : view.counts)
    counts.number(count.status, count.blueprints);
  JsonObject json;
  json.raw("blueprints", counts.done());
  json.number("dead_letters", view.deadLetters).number("kernels", view.kernels);
  if (view.oldestCreatedAt)
    json.time("oldest_unvalidated", *view.oldestCreatedAt);
  else
    json.raw("oldest_unvalidated", std::nullopt);
  return {200, json.time("now", view.now).done()};
}

std::span<const Route> tez::service::pageRoutes() {
  static constexpr Route routes[] = {
      {"GET", "/health", Right::Nothing, health},
      {"GET", "/metrics", Right::Read, metrics},
      {"GET", "/openapi.json", Right::Nothing, description},
      {"GET", "/api/v1/overview", Right::Read, overview},
  };
  return routes;
}
