//===- Metrics.cpp --------------------------------------------------------===//

#include "Metrics.h"
#include <prometheus/text_serializer.h>

using namespace tez::worker;
using prometheus::BuildCounter, prometheus::BuildGauge, prometheus::BuildHistogram;

static constexpr const char *verdictNames[] = {
    "validated", "model", "invalid", "not_validated", "failed", "dead_letter", "given_back"};
static constexpr const char *phaseNames[] = {"claim", "compile", "store", "post", "complete"};
static const prometheus::Histogram::BucketBoundaries bounds = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};

Metrics::Metrics()
    : phases(BuildHistogram()
                 .Name("tez_worker_phase_seconds")
                 .Help("Time of the phases of a job; a claim waits for a blueprint.")
                 .Register(registry)),
      verdicts(BuildCounter()
                   .Name("tez_worker_jobs_total")
                   .Help("Jobs by what became of them.")
                   .Register(registry)),
      notifications(BuildCounter()
                        .Name("tez_worker_notifications_total")
                        .Help("Calls of the webhook, by whether it took them.")
                        .Register(registry)),
      fallbacks(BuildCounter()
                    .Name("tez_worker_fallbacks_total")
                    .Help("What took the place of an optimized kernel: the compilation without "
                          "optimization (base), an ONNX model (onnx).")
                    .Register(registry)),
      breakerStates(BuildGauge()
                        .Name("tez_worker_breaker_open")
                        .Help("0: calls go; 0.5: on trial; 1: the dependency is left alone.")
                        .Register(registry)),
      reuses(BuildCounter()
                 .Name("tez_worker_reused_kernels_total")
                 .Help("Blueprints whose kernel was in the store already.")
                 .Register(registry)
                 .Add({})) {
  // A series that is there from the start can be summed and alerted on.
  for (const char *verdict : verdictNames)
    verdicts.Add({{"verdict", verdict}});
  for (const char *phase : phaseNames)
    phases.Add({{"phase", phase}}, bounds);
  for (const char *to : {"base", "onnx"})
    fallbacks.Add({{"to", to}});
  for (const char *outcome : {"taken", "failed"})
    notifications.Add({{"outcome", outcome}});
}

void Metrics::took(const std::string &phase, double seconds) {
  phases.Add({{"phase", phase}}, bounds).Observe(seconds);
}

void Metrics::ended(Verdict verdict) {
  verdicts.Add({{"verdict", verdictNames[int(verdict)]}}).Increment();
}

void Metrics::notified(bool arrived) {
  notifications.Add({{"outcome", arrived ? "taken" : "failed"}}).Increment();
}

std::string Metrics::text(const std::map<std::string, Breaker::State> &breakers) {
  for (const auto &[name, state] : breakers)
    breakerStates.Add({{"of", name}})
        .Set(state == Breaker::State::Closed     ? 0
             : state == Breaker::State::HalfOpen ? 0.5
                                                 : 1);
  return prometheus::TextSerializer().Serialize(registry.Collect());
}
