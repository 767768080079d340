//===- Metrics.h - What Prometheus reads of a worker ------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_TELEMETRY_METRICS_H
#define TEZ_LIB_SERVICE_WORKER_TELEMETRY_METRICS_H

#include "tez/Service/Worker/Breaker.h"
#include <map>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace tez::worker {

/// What became of a job that was taken.
enum class Verdict { Validated, Model, Invalid, NotValidated, Failed, DeadLetter, GivenBack };

/// For any number of threads.
class Metrics {
public:
  Metrics();

  void took(const std::string &phase, double seconds);
  void ended(Verdict verdict);
  /// `to`: base (compilation), onnx (a model).
  void fellBack(const char *to) { fallbacks.Add({{"to", to}}).Increment(); }
  void reused() { reuses.Increment(); }
  void notified(bool arrived);

  /// With the breakers as they are now.
  std::string text(const std::map<std::string, Breaker::State> &breakers);

private:
  prometheus::Registry registry; // the series below live in it
  prometheus::Family<prometheus::Histogram> &phases;
  prometheus::Family<prometheus::Counter> &verdicts, &notifications, &fallbacks;
  prometheus::Family<prometheus::Gauge> &breakerStates;
  prometheus::Counter &reuses;
};

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_TELEMETRY_METRICS_H
