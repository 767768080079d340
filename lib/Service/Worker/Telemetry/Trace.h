//===- Trace.h - One job, followed through all parts ------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_TELEMETRY_TRACE_H
#define TEZ_LIB_SERVICE_WORKER_TELEMETRY_TRACE_H

#include "Metrics.h"
#include "tez/Service/TraceParent.h"
#include "tez/Service/Worker/Json.h"
#include <vector>

namespace tez::worker {

/// A step of what is done with a blueprint, as one try of a job, in this thread as long as it
/// lives: log lines have its ids, calls its `traceparent` (W3C).
class Trace {
public:
  /// A part of the trace `parent` (traceparent of W3C), where that is one; else of that which
  /// follows from the blueprint's id.
  Trace(const std::string &blueprintId, const std::string &parent);
  Trace(const Trace &) = delete;
  Trace &operator=(const Trace &) = delete;
  ~Trace();

  static const Trace *current(); ///< this thread's, or none

  const std::string &id() const { return self.trace; }
  const std::string &span() const { return self.span; }
  std::string parent() const { return self.text(); }

  /// For chrome://tracing and its kin: the phases so far.
  Json chrome() const;

private:
  friend class Phase;
  struct Span {
    const char *name;
    int64_t begin, end; ///< microseconds since 1970
  };

  const std::string blueprintId;
  const std::optional<service::TraceParent> above;
  const service::TraceParent self;
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
