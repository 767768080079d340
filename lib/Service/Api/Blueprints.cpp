//===- Blueprints.cpp -----------------------------------------------------===//

#include "../JsonText.h"
#include "Calls.h"

using namespace tez::service;

static constexpr size_t mostArchitecture = 16 << 20; // characters, as the compiler's own limit

std::string tez::service::toJson(const Blueprint &it) {
  return JsonObject()
      .text("id", it.id)
      .text("architecture_ir", it.architectureIr)
      .raw("metadata", it.metadata)
      .text("status", it.status)
      .time("created_at", it.createdAt)
      .time("updated_at", it.updatedAt)
      .textOrNull("worker", it.worker)
      .number("fence", it.fence)
      .number("tries", it.tries)
      .textOrNull("reason", it.reason)
      .boolean("dead_letter", it.deadLetter)
      .textOrNull("traceparent", it.traceparent)
      .done();
}

void tez::service::logChange(const Call &call, const char *event, const Blueprint &blueprint,
                             const JsonObject &more) {
  JsonObject fields;
  fields.text("blueprint", blueprint.id).text("trace_id", traceOf(blueprint)).with(more);
  call.log.change(event, call.caller, std::move(fields));
}

static std::string blueprintName(const Call &call) {
  if (std::string fault = faultOfId(call.name, mostBlueprintId); !fault.empty())
    throw Fault(422, "id: " + fault);
  return call.name;
}

static http::Response create(Call &call) {
  call.query.finish();
  Body body(call.request);
  NewBlueprint posted{body.id("id", mostBlueprintId),
                      body.text("architecture_ir", 0, mostArchitecture),
                      body.optionalObject("metadata"), traceparentOf(call)};
  body.finish();
  Posted<Blueprint> result = call.store.createBlueprint(posted);
  if (result.created)
    logChange(call, "created", result.record);
  return {result.created ? 201 : 200, toJson(result.record)};
}

static http::Response show(Call &call) {
  std::string id = blueprintName(call);
  call.query.finish();
  std::optional<Blueprint> found = call.store.blueprint(id);
  if (!found)
    throw Fault(404, "there is no blueprint " + quoted(id));
  return {200, toJson(*found)};
}

static http::Response list(Call &call) {
  static constexpr std::string_view trueOrFalse[] = {"true", "false"};
  BlueprintQuery query;
  auto filter = call.query.oneOf("status_filter", blueprintStatuses); // the older registry's name
  auto status = call.query.oneOf("status", blueprintStatuses);
  query.status = filter ? filter : status;
  query.deadLettersOnly = call.query.oneOf("dead_letter", trueOrFalse) == "true";
  query.limit = call.query.integer("limit", 1, mostRecords).value_or(usualRecords);
  query.after = call.query.integer("cursor", 0, INT64_MAX - 1).value_or(0);
  call.query.finish();
  if (filter && status && filter != status)
    return {200, "[]"};
  return pageOf(call, call.store.blueprints(query));
}

/// Those that wait for their next try included.
static http::Response unvalidated(Call &call) {
  call.query.finish();
  auto page = call.store.blueprints({.status = "unvalidated", .limit = 10});
  auto brief = [](const Blueprint &it) {
    return JsonObject()
        .text("id", it.id)
        .text("architecture_ir", it.architectureIr)
        .text("status", it.status)
        .time("created_at", it.createdAt)
        .time("updated_at", it.updatedAt)
        .done();
  };
  return {200, jsonArray(page.records, brief)};
}

static http::Response setStatus(Call &call) {
  std::string id = blueprintName(call);
  call.query.finish();
  Body body(call.request);
  std::string status = body.oneOf("status", blueprintStatuses);
  body.finish();
  if (call.role == "designer" && status != "unvalidated")
    throw Fault(403, "a token of the role designer may set the status unvalidated only");
  Blueprint changed = call.store.setStatus(id, status);
  logChange(call, "status", changed, JsonObject().text("status", status));
  return {200, toJson(changed)};
}

std::span<const Route> tez::service::blueprintRoutes() {
  static constexpr Route routes[] = {
      {"POST", "/api/v1/blueprints", Right::Design, create},
      {"GET", "/api/v1/blueprints", Right::Read, list},
      {"GET", "/api/v1/blueprints/{id}", Right::Read, show},
      {"GET", "/internal/v1/blueprints/unvalidated", Right::Read, unvalidated},
      {"PUT", "/internal/v1/blueprints/{id}/status", Right::Retry, setStatus},
  };
  return routes;
}

template <typename Record>
http::Response tez::service::pageOf(const Call &call, const Page<Record> &page) {
  http::Response response{200,
                          jsonArray(page.records, [](const Record &it) { return toJson(it); })};
  if (!page.next)
    return response;
  std::string cursor = std::to_string(*page.next), target = call.request.target;
  size_t old = target.find("cursor=");
  if (old != std::string::npos)
    target.replace(old, target.find('&', old) - old, "cursor=" + cursor);
  else
    target += (target.find('?') == std::string::npos ? "?cursor=" : "&cursor=") + cursor;
  response.headers = {{"X-Next-Cursor", cursor}, {"Link", "<" + target + ">; rel=\"next\""}};
  return response;
}

template http::Response tez::service::pageOf(const Call &, const Page<Blueprint> &);
template http::Response tez::service::pageOf(const Call &, const Page<Kernel> &);
