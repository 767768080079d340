//===- LogScale.cpp - Positions on a logarithmic axis ---------------------===//

#include "LogScale.h"
#include <algorithm>
#include <cmath>

using namespace tez::report;

bool LogScale::hasPlace(double value) { return value > 0 && std::isfinite(value); }

void LogScale::include(double value) {
  if (!hasPlace(value))
    return;
  bool first = isEmpty();
  low = first ? value : std::min(low, value);
  high = first ? value : std::max(high, value);
}

void LogScale::widen(double factor) {
  if (isEmpty())
    return;
  low /= factor;
  high *= factor;
}

double LogScale::at(double value) const {
  double span = std::log(high) - std::log(low);
  return span > 0 ? start + length * (std::log(value) - std::log(low)) / span : start + length / 2;
}

/// The multiples of 10^k, k being `every`-th, that lie between `low` and `high`.
static std::vector<double> multiples(const std::vector<double> &factors, int every, double low,
                                     double high) {
  std::vector<double> found;
  int last = int(std::ceil(std::log10(high)));
  for (int power = int(std::floor(std::log10(low))); power <= last; ++power)
    if (power % every == 0)
      for (double factor : factors)
        if (double tick = factor * std::pow(10, power); tick >= low && tick <= high)
          found.push_back(tick);
  return found;
}

bool LogScale::isLegible(const std::vector<double> &ticks, double apart) const {
  for (size_t i = 1; i < ticks.size(); ++i)
    if (at(ticks[i]) - at(ticks[i - 1]) < apart)
      return false;
  return true;
}

std::vector<double> LogScale::ticks(double apart) const {
  static const std::vector<double> choices[] = {
      {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1}};
  if (isEmpty())
    return {};
  for (const auto &factors : choices)
    if (auto found = multiples(factors, 1, low, high); isLegible(found, apart))
      return found;
  for (int every = 2;; ++every)
    if (auto found = multiples({1}, every, low, high); isLegible(found, apart))
      return found;
}
