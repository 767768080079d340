//===- Calls.h - The table of calls -----------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_API_CALLS_H
#define TEZ_LIB_SERVICE_API_CALLS_H

#include "Access.h"
#include "Door.h"
#include "Log.h"
#include "Metrics.h"

namespace tez::service {

/// What a call works with and on.
struct Call {
  Store &store;
  Metrics &metrics;
  http::Bell &bell;
  std::chrono::seconds longestWait; ///< that a call may ask for
  const http::Request &request;
  std::string role;
  std::string name; ///< what stands for {id} in the path
  Query &query;
  const Log &log;
  std::optional<TraceParent> caller; ///< of which trace the call says it is a part
};

/// The caller's header, as it is kept.
inline std::optional<std::string> traceparentOf(const Call &call) {
  return call.caller ? std::optional(call.caller->text()) : std::nullopt;
}

/// Logs what the call did to the blueprint, with the fields that all such lines have.
void logChange(const Call &call, const char *event, const Blueprint &blueprint,
               const JsonObject &more = {});

struct Route {
  const char *method, *pattern; ///< a segment `{id}` is any one
  Right right;
  http::Response (*answer)(Call &call);
};

// Blueprints.cpp, Leases.cpp, Kernels.cpp, Pages.cpp: a group of calls each.
std::span<const Route> blueprintRoutes();
std::span<const Route> leaseRoutes();
std::span<const Route> kernelRoutes();
std::span<const Route> pageRoutes();

/// `path` is what stands before `?`. Throws 404 and 405.
const Route &findRoute(std::string_view method, std::string_view path, std::string &name);

/// The answer of /health.
http::Response alive();

std::string toJson(const Blueprint &blueprint);
std::string toJson(const Kernel &kernel);

/// A JSON array; where more follows, Link and X-Next-Cursor say how to get it.
template <typename Record> http::Response pageOf(const Call &call, const Page<Record> &page);

inline constexpr int64_t mostRecords = 1000, usualRecords = 100;

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_API_CALLS_H
