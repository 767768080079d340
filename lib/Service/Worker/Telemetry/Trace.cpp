//===- Trace.cpp ----------------------------------------------------------===//

#include "Trace.h"
#include "tez/Service/Worker/Time.h"
#include <unistd.h>

using namespace tez;
using namespace tez::worker;

static thread_local Trace *currentTrace = nullptr;

Trace::Trace(const std::string &blueprintId, const std::string &parent)
    : blueprintId(blueprintId), above(service::parseTraceParent(parent)),
      self{above ? above->trace : service::traceIdOf(blueprintId), service::newSpan()} {
  currentTrace = this;
}

Trace::~Trace() { currentTrace = nullptr; }

const Trace *Trace::current() { return currentTrace; }

Json Trace::chrome() const {
  Json events = Json::array();
  for (const Span &span : spans)
    events.push_back({{"name", span.name},
                      {"ph", "X"},
                      {"ts", span.begin},
                      {"dur", span.end - span.begin},
                      {"pid", ::getpid()},
                      {"tid", 1},
                      {"args", {{"trace_id", id()}, {"span_id", self.span}}}});
  Json about = {{"blueprint", blueprintId}, {"trace_id", id()}};
  if (above)
    about["parent_span_id"] = above->span;
  return {{"traceEvents", events}, {"displayTimeUnit", "ms"}, {"otherData", about}};
}

Phase::Phase(Metrics &metrics, const char *name)
    : metrics(metrics), name(name), begin(microsecondsNow()),
      started(std::chrono::steady_clock::now()) {}

// The length is the steady clock's, as the other one may be set meanwhile.
Phase::~Phase() {
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  metrics.took(name, took.count());
  if (currentTrace)
    currentTrace->spans.push_back({name, begin, begin + int64_t(took.count() * 1e6)});
}
