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
  std::string text =
      call.metrics.text(call.store.overview(), call.store.leases().size(), call.bell.waiting());
  return {200, text, "text/plain; version=0.0.4; charset=utf-8"};
}

static http::Response description(Call &call) {
  call.query.finish();
  return {200, std::string(embeddedText("openapi.json"))};
}

static std::string briefJson(const Blueprint &it) {
  return JsonObject()
      .text("id", it.id)
      .text("status", it.status)
      .number("tries", it.tries)
      .textOrNull("reason", it.reason)
      .boolean("dead_letter", it.deadLetter)
      .time("created_at", it.createdAt)
      .time("updated_at", it.updatedAt)
      .done();
}

static std::string briefJson(const Kernel &it) {
  return JsonObject()
      .text("id", it.id)
      .text("blueprint_id", it.blueprintId)
      .text("status", it.status)
      .text("compilation_pipeline", it.pipeline)
      .time("created_at", it.createdAt)
      .done();
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
  auto brief = [](const auto &it) { return briefJson(it); };
  json.raw("waiting", jsonArray(view.waiting, brief));
  json.raw("newest_blueprints", jsonArray(view.newest, brief));
  json.raw("newest_kernels", jsonArray(view.newestKernels, brief));
  return {200, json.time("now", view.now).done()};
}

/// Its own scripts and styles only, and nothing that the registry does not serve itself.
static http::Response part(Call &call, const char *file, const char *type) {
  call.query.finish();
  http::Response response{200, std::string(embeddedText(file)), type};
  response.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
       "img-src data:; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}};
  return response;
}

static http::Response page(Call &call) {
  return part(call, "page/page.html", "text/html; charset=utf-8");
}
static http::Response pageScript(Call &call) {
  return part(call, "page/page.js", "text/javascript; charset=utf-8");
}
static http::Response pageStyle(Call &call) {
  return part(call, "page/page.css", "text/css; charset=utf-8");
}

std::span<const Route> tez::service::pageRoutes() {
  static constexpr Route routes[] = {
      {"GET", "/", Right::Nothing, page},
      {"GET", "/page.css", Right::Nothing, pageStyle},
      {"GET", "/page.js", Right::Nothing, pageScript},
      {"GET", "/health", Right::Nothing, health},
      {"GET", "/metrics", Right::Read, metrics},
      {"GET", "/openapi.json", Right::Nothing, description},
      {"GET", "/api/v1/overview", Right::Read, overview},
  };
  return routes;
}
