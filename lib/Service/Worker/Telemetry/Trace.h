//===- Trace.h - One job, followed through all parts ------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_TELEMETRY_TRACE_H
#define TEZ_LIB_SERVICE_WORKER_TELEMETRY_TRACE_H

#include "Metrics.h"
#include "tez/Service/Worker/Json.h"
#include <vector>

namespace tez::worker {

/// The trace of a blueprint has an id that follows from the blueprint's, so that who
/// submits it and who compiles it need not tell each other.
std::string traceIdOf(const std::string &blueprintId);

/// One try of a job, in this thread as long as it lives: log lines have its ids,
/// calls its `traceparent` (W3C).
class Trace {
public:
  explicit Trace(const std::string &blueprintId);
  Trace(const Trace &) = delete;
  Trace &operator=(const Trace &) = delete;
  ~Trace();

  static const Trace *current(); ///< this thread's, or none

  const std::string &id() const { return traceId; }
  const std::string &span() const { return spanId; }
  std::string parent() const { return "00-" + traceId + "-" + spanId + "-01"; }

  /// For chrome://tracing and its kin: the phases so far.
  Json chrome() const;

private:
  friend class Phase;
  struct Span {
    const char *name;
    int64_t begin, end; ///< microseconds since 1970
  };

  const std::string blueprintId, traceId, spanId;
  std::vector<Span> spans;
};

/// A phase of a job: into the metrics, and into the trace where there is one.
class Phase {
public:
  Phase(Metrics &metrics, const char *name);
  Phase(const Phase &) = delete;
  Phase &operator=(const Phase &) = delete;
  ~Phase();

private:
  Metrics &metrics;
  const char *name;
  const int64_t begin;
  const std::chrono::steady_clock::time_point started;
};

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_TELEMETRY_TRACE_H
