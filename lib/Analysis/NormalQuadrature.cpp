//===- NormalQuadrature.cpp - Functions of normal numbers -----------------===//

#include "NormalQuadrature.h"
#include <array>
#include <cmath>

using namespace tez;

namespace {
constexpr int kPoints = 15;
constexpr int kMiddle = kPoints / 2;
constexpr double kStep = 0.6; // from -4.2 to 4.2 standard deviations

struct Rule {
  std::array<double, kPoints> at, weight;
};

Rule makeRule() {
  Rule rule;
  double total = 0;
  for (int i = 0; i < kPoints; ++i) {
    rule.at[i] = (i - kMiddle) * kStep;
    total += rule.weight[i] = std::exp(-0.5 * rule.at[i] * rule.at[i]);
  }
  for (double &weight : rule.weight)
    weight /= total;
  return rule;
}
} // namespace

double Moments::variance() const { return std::max(square - mean * mean, 0.0); }
double Moments::signalSize() const { return std::sqrt(std::max(signal, 0.0)); }

Moments tez::throughFunction(Moments x, llvm::function_ref<double(double)> f) {
  static const Rule rule = makeRule();
  double noise = std::sqrt(std::max(x.signal, 0.0));
  double fixed = std::sqrt(std::max(x.variance() - x.signal, 0.0));
  Moments result;
  for (int u = 0; u < kPoints; ++u) {
    std::array<double, kPoints> values;
    double mean = 0, spread = 0;
    for (int e = 0; e < kPoints; ++e) {
      double value = f(x.mean + fixed * rule.at[u] + noise * rule.at[e]);
      values[e] = std::isfinite(value) ? value : 0;
      mean += rule.weight[e] * values[e];
    }
    for (int e = 0; e < kPoints; ++e)
      spread += rule.weight[e] * (values[e] - mean) * (values[e] - mean);
    result.mean += rule.weight[u] * mean;
    result.square += rule.weight[u] * (mean * mean + spread);
    result.signal += rule.weight[u] * spread;
  }
  return result;
}
