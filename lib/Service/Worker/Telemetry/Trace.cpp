//===- Trace.cpp ----------------------------------------------------------===//

#include "Trace.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Time.h"
#include <unistd.h>

using namespace tez;
using namespace tez::worker;

static thread_local Trace *currentTrace = nullptr;

std::string worker::traceIdOf(const std::string &blueprintId) {
  return service::sha256Hex("tez blueprint " + blueprintId).substr(0, 32);
}

Trace::Trace(const std::string &blueprintId)
    : blueprintId(blueprintId), traceId(traceIdOf(blueprintId)),
      spanId(service::sha256Hex(service::randomSecret()).substr(0, 16)) {
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
                      {"args", {{"trace_id", traceId}, {"span_id", spanId}}}});
  return {{"traceEvents", events},
          {"displayTimeUnit", "ms"},
          {"otherData", {{"blueprint", blueprintId}, {"trace_id", traceId}}}};
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
