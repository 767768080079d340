//===- Metrics.cpp --------------------------------------------------------===//

#include "Metrics.h"
#include <prometheus/text_serializer.h>

using namespace tez::service;
using prometheus::BuildCounter, prometheus::BuildGauge, prometheus::BuildHistogram;

prometheus::Counter &Metrics::counter(const char *name, const char *help) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge &Metrics::gauge(const char *name, const char *help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Metrics::Metrics()
    : requests(BuildCounter()
                   .Name("tez_registry_requests_total")
                   .Help("Calls answered; one that waits, each time it is tried.")
                   .Register(registry)),
      seconds(BuildHistogram()
                  .Name("tez_registry_request_seconds")
                  .Help("Time from the end of a request to its answer, waiting included.")
                  .Register(registry)),
      blueprints(BuildGauge()
                     .Name("tez_registry_blueprints")
                     .Help("Blueprints by status.")
                     .Register(registry)),
      connections(gauge("tez_registry_connections", "Open connections.")),
      waitingCalls(gauge("tez_registry_waiting_calls", "Claims that wait for a blueprint.")),
      oldest(gauge("tez_registry_oldest_unvalidated_seconds",
                   "Age of the oldest blueprint that nobody has compiled.")),
      deadLetters(gauge("tez_registry_dead_letters", "Blueprints that were given up.")),
      kernels(gauge("tez_registry_kernels", "Kernels of whatever status.")),
      leaseCount(gauge("tez_registry_leases", "Blueprints that a worker holds.")),
      overloads(counter("tez_registry_overloads_total", "Calls and connections sent away.")),
      slow(counter("tez_registry_slow_clients_total", "Connections cut for their slowness.")),
      malformed(counter("tez_registry_malformed_total", "Requests that are no HTTP.")),
      claims(counter("tez_registry_claims_total", "Leases given.")),
      fencedOff(
          counter("tez_registry_fenced_total", "Calls refused because their lease had ended.")),
      hints(counter("tez_registry_hints_total",
                    "Times that another registry on the database said there was work.")) {}

Metrics::Series &Metrics::seriesOf(const std::string &method, const std::string &route,
                                   int status) {
  std::string code = std::to_string(status);
  std::lock_guard lock(mutex);
  Series &found = series[method + " " + code + " " + route];
  if (found.count)
    return found;
  static const prometheus::Histogram::BucketBoundaries bounds = {
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10};
  found.time = &seconds.Add({{"method", method}, {"route", route}}, bounds);
  found.count = &requests.Add({{"method", method}, {"route", route}, {"code", code}});
  return found;
}

void Metrics::answered(const std::string &method, const std::string &route, int status,
                       double time) {
  Series &found = seriesOf(method, route, status);
  found.count->Increment();
  found.time->Observe(time);
}

void Metrics::note(http::Event event) {
  switch (event) {
  case http::Event::Connected:
    return connections.Increment();
  case http::Event::Disconnected:
    return connections.Decrement();
  case http::Event::Overloaded:
    return overloads.Increment();
  case http::Event::TooSlow:
    return slow.Increment();
  case http::Event::Malformed:
    return malformed.Increment();
  }
}

std::string Metrics::text(const Overview &view, size_t leases, size_t waiting) {
  for (const Overview::Count &count : view.counts)
    blueprints.Add({{"status", count.status}}).Set(double(count.blueprints));
  oldest.Set(view.oldestCreatedAt ? double(view.now - *view.oldestCreatedAt) / 1e6 : 0);
  deadLetters.Set(double(view.deadLetters));
  kernels.Set(double(view.kernels));
  leaseCount.Set(double(leases));
  waitingCalls.Set(double(waiting));
  return prometheus::TextSerializer().Serialize(registry.Collect());
}
