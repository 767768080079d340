//===- Leases.cpp ---------------------------------------------------------===//

#include "../JsonText.h"
#include "Calls.h"

using namespace tez::service;

static constexpr int64_t usualSeconds = 30, mostSeconds = 3600, mostClaims = 100;
static constexpr int64_t mostFence = INT64_MAX, mostWait = 60;

static http::Response claim(Call &call) {
  uint64_t heard = call.bell.rung(); // what is posted from now on wakes a call that waits
  call.query.finish();
  Body body(call.request);
  ClaimRequest request;
  request.worker = body.id("worker", mostWorker);
  request.limit = body.integerOr("limit", 1, 1, mostClaims);
  request.leaseMilliseconds = 1000 * body.integerOr("lease_seconds", usualSeconds, 1, mostSeconds);
  std::chrono::seconds wait(body.integerOr("wait_seconds", 0, 0, mostWait));
  body.finish();
  std::vector<Blueprint> claimed = call.store.claim(request);
  call.metrics.claimed(claimed.size());
  for (const Blueprint &it : claimed)
    logChange(call, "claimed", it,
              JsonObject().text("worker", request.worker).number("fence", it.fence));
  http::Response response{200, jsonArray(claimed, [](const Blueprint &it) { return toJson(it); })};
  if (claimed.empty() && wait.count() > 0)
    response.wait = {call.request.arrived + std::min(wait, call.longestWait), heard};
  return response;
}

static Lease leaseOf(Call &call, Body &body) {
  if (std::string fault = faultOfId(call.name, mostBlueprintId); !fault.empty())
    throw Fault(422, "id: " + fault);
  return {call.name, body.id("worker", mostWorker), body.integer("fence", 1, mostFence)};
}

static http::Response heartbeat(Call &call) {
  call.query.finish();
  Body body(call.request);
  Lease lease = leaseOf(call, body);
  int64_t seconds = body.integerOr("lease_seconds", usualSeconds, 1, mostSeconds);
  body.finish();
  return {200, toJson(call.store.heartbeat(lease, seconds * 1000))};
}

static http::Response release(Call &call) {
  call.query.finish();
  Body body(call.request);
  Lease lease = leaseOf(call, body);
  auto reason = body.optionalText("reason", mostReason);
  body.finish();
  Blueprint released = call.store.release(lease, reason);
  logChange(call, "released", released,
            JsonObject().text("worker", lease.worker).textOrNull("reason", reason));
  return {200, toJson(released)};
}

static http::Response complete(Call &call) {
  static constexpr std::string_view ends[] = {"validated", "invalid"};
  call.query.finish();
  Body body(call.request);
  Lease lease = leaseOf(call, body);
  std::string status = body.oneOf("status", ends);
  auto reason = body.optionalText("reason", mostReason);
  body.finish();
  Blueprint completed = call.store.complete(lease, status, reason);
  logChange(call, "completed", completed,
            JsonObject().text("worker", lease.worker).text("status", status));
  return {200, toJson(completed)};
}

/// A refused lease is counted: the fence has kept somebody off.
template <http::Response (*answer)(Call &)> static http::Response fenced(Call &call) {
  try {
    return answer(call);
  } catch (const Refusal &refusal) {
    if (refusal.kind == Refusal::Kind::Conflict)
      call.metrics.fenced();
    throw;
  }
}

static http::Response list(Call &call) {
  call.query.finish();
  auto json = [](const LiveLease &it) {
    return JsonObject()
        .text("blueprint_id", it.id)
        .text("worker", it.worker)
        .number("fence", it.fence)
        .number("tries", it.tries)
        .number("milliseconds_left", it.millisecondsLeft)
        .time("renewed_at", it.since)
        .textOrNull("traceparent", it.traceparent)
        .done();
  };
  return {200, jsonArray(call.store.leases(), json)};
}

std::span<const Route> tez::service::leaseRoutes() {
  static constexpr Route routes[] = {
      {"POST", "/internal/v1/claims", Right::Work, claim},
      {"GET", "/internal/v1/claims", Right::Read, list},
      {"POST", "/internal/v1/blueprints/{id}/heartbeat", Right::Work, fenced<heartbeat>},
      {"POST", "/internal/v1/blueprints/{id}/release", Right::Work, fenced<release>},
      {"POST", "/internal/v1/blueprints/{id}/complete", Right::Work, fenced<complete>},
  };
  return routes;
}
