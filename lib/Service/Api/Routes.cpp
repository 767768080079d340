//===- Routes.cpp - From an address to a call -----------------------------===//

#include "../JsonText.h"
#include "Calls.h"

using namespace tez::service;

/// Takes the first segment off a path that begins with `/`.
static std::string_view nextSegment(std::string_view &path) {
  path.remove_prefix(1);
  std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// Segments are compared before they are decoded: an encoded `/` parts nothing.
static bool matches(std::string_view pattern, std::string_view path, std::string &name) {
  while (!pattern.empty() && !path.empty()) {
    std::string_view wanted = nextSegment(pattern), found = nextSegment(path);
    if (wanted == "{id}")
      name = percentDecoded(found, false);
    else if (wanted != percentDecoded(found, false))
      return false;
  }
  return pattern.empty() && path.empty();
}

const Route &tez::service::findRoute(std::string_view method, std::string_view path,
                                     std::string &name) {
  std::string allowed;
  if (path.starts_with('/'))
    for (auto routes : {blueprintRoutes(), leaseRoutes(), kernelRoutes(), pageRoutes()})
      for (const Route &route : routes) {
        if (!matches(route.pattern, path, name))
          continue;
        if (route.method == method)
          return route;
        (allowed += allowed.empty() ? "" : ", ") += route.method;
      }
  if (allowed.empty())
    throw Fault(404, "there is no " + quoted(path) + " here; /openapi.json lists what there is");
  Fault fault(405, "expected " + allowed + " on " + quoted(path) + ", found " + quoted(method));
  fault.headers.emplace_back("Allow", allowed);
  throw fault;
}
