//===- Metrics.h - What Prometheus reads ------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_API_METRICS_H
#define TEZ_LIB_SERVICE_API_METRICS_H

#include "tez/Service/Http.h"
#include "tez/Service/Store.h"
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace tez::service {

/// For any number of threads.
class Metrics {
public:
  Metrics();

  /// `route` is a pattern, never an address: names of metrics must stay few.
  void answered(const std::string &method, const std::string &route, int status, double seconds);
  void note(http::Event event);
  void claimed(size_t count) { claims.Increment(double(count)); }
  void fenced() { fencedOff.Increment(); }
  void hinted() { hints.Increment(); }

  /// With the state of the queue as it is now.
  std::string text(const Overview &view, size_t leases, size_t waiting);

private:
  /// What counts the calls of one route that end in one way.
  struct Series {
    prometheus::Counter *count = nullptr;
    prometheus::Histogram *time = nullptr;
  };
  Series &seriesOf(const std::string &method, const std::string &route, int status);
  prometheus::Counter &counter(const char *name, const char *help);
  prometheus::Gauge &gauge(const char *name, const char *help);

  prometheus::Registry registry;
  std::mutex mutex;
  std::map<std::string, Series> series; ///< a look-up by labels costs as much as a small call
  prometheus::Family<prometheus::Counter> &requests;
  prometheus::Family<prometheus::Histogram> &seconds;
  prometheus::Family<prometheus::Gauge> &blueprints;
  prometheus::Gauge &connections, &waitingCalls, &oldest, &deadLetters, &kernels, &leaseCount;
  prometheus::Counter &overloads, &slow, &malformed, &claims, &fencedOff, &hints;
};

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_API_METRICS_H
