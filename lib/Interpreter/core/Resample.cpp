//===- Resample.cpp - Interpolation ---------------------------------------===//
//
// Every mode is separable: along each dimension an output element is a weighted
// sum of at most four input elements, so a dimension is one sparse matrix.
//
//===----------------------------------------------------------------------===//

#include "tez/Interpreter/FunctionsResample.h"

#include "Lanes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tez::interp {

namespace {
/// One row of the sparse matrix.
struct Taps {
  std::array<int64_t, 4> index{};
  std::array<double, 4> weight{};
  size_t count = 0;

  void add(int64_t at, double factor) {
    index[count] = at;
    weight[count++] = factor;
  }
};

/// How positions of one dimension map back to the source.
struct Axis {
  int64_t in, out;
  double scale; ///< 0 if none was given
  ResampleMode mode;
  bool alignCorners;
  bool ofImage; ///< one of two resampled dimensions

  double ratio() const {
    if (alignCorners)
      return out > 1 ? double(in - 1) / double(out - 1) : 0;
    return scale > 0 ? 1 / scale : double(in) / double(out);
  }

  double source(int64_t i) const {
    if (alignCorners)
      return ratio() * double(i);
    double position = ratio() * (double(i) + 0.5) - 0.5;
    return mode == ResampleMode::Cubic ? position : std::max(position, 0.0);
  }
};
} // namespace

static Taps single(int64_t at) {
  Taps taps;
  taps.add(at, 1);
  return taps;
}

static Taps nearestTaps(const Axis &axis, int64_t i) {

  double shift = axis.mode == ResampleMode::NearestExact ? 0.5 : 0;
  // Torch rounds the position to single precision before it takes the floor.
  int64_t at = int64_t(std::floor(float((double(i) + shift) * axis.ratio())));
  return single(std::min(at, axis.in - 1));
}

/// Torch's gradient of Nearest takes equal and doubled sizes as such, whatever
/// scale was given; so does its forward for images of moderate size, but not for
/// sequences and volumes.
static Taps nearestBySizeTaps(const Axis &axis, int64_t i) {
  if (axis.out == axis.in)
    return single(i);
  return axis.out == 2 * axis.in ? single(i / 2) : nearestTaps(axis, i);
}

static Taps linearTaps(const Axis &axis, int64_t i) {
  // Whatever scale was given.
  if (axis.out == axis.in)
    return single(i);
  double position = axis.source(i);
  int64_t left = std::min(int64_t(position), axis.in - 1);
  double part = std::clamp(position - double(left), 0.0, 1.0);
  Taps taps;
  taps.add(left, 1 - part);
  taps.add(std::min(left + 1, axis.in - 1), part);
  return taps;
}

/// Keys' cubic kernel with a = -0.75 at distance `t` >= 0.
static double cubicKernel(double t) {
  constexpr double a = -0.75;
  if (t <= 1)
    return ((a + 2) * t - (a + 3)) * t * t + 1;
  return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
}

static Taps cubicTaps(const Axis &axis, int64_t i) {
  double position = axis.source(i);
  int64_t left = int64_t(std::floor(position));
  double part = std::clamp(position - double(left), 0.0, 1.0);
  Taps taps;
  for (int64_t k = -1; k <= 2; ++k)
    taps.add(std::clamp<int64_t>(left + k, 0, axis.in - 1),
             cubicKernel(std::fabs(double(k) - part)));
  return taps;
}

static Taps tapsAt(const Axis &axis, int64_t i) {
  switch (axis.mode) {
  case ResampleMode::Nearest:
  case ResampleMode::NearestExact:
    return nearestTaps(axis, i);
  case ResampleMode::Linear:
    return linearTaps(axis, i);
  case ResampleMode::Cubic:
    return cubicTaps(axis, i);
  }
  return {};
}

static std::vector<Taps> makeTaps(const Axis &axis, bool bySize) {
  bool special = bySize && axis.mode == ResampleMode::Nearest;
  std::vector<Taps> rows;
  for (int64_t i = 0; i < axis.out; ++i)
    rows.push_back(special ? nearestBySizeTaps(axis, i) : tapsAt(axis, i));
  return rows;
}

/// Calls `visit(offset of the output run, of the input run, weight)`; a run is
/// the `lanes.step` elements behind one position.
template <typename F>
static void forEachTap(const Lanes &lanes, const std::vector<Taps> &rows, F visit) {
  for (int64_t o = 0; o < lanes.outer; ++o)
    for (size_t i = 0; i < rows.size(); ++i)
      for (size_t k = 0; k < rows[i].count; ++k)
        visit((o * int64_t(rows.size()) + int64_t(i)) * lanes.step,
              (o * lanes.length + rows[i].index[k]) * lanes.step, rows[i].weight[k]);
}

static Variable resampleDim(const Variable &x, int64_t dim, const Axis &axis) {
  std::vector<Taps> rows = makeTaps(axis, axis.ofImage);
  Lanes lanes(x.shape(), dim);
  Shape shape = x.shape();
  shape[size_t(dim)] = int64_t(rows.size());
  Tensor result(shape);
  double *to = result.mutableData();
  const double *from = x.value().data();
  forEachTap(lanes, rows, [&](int64_t out, int64_t in, double weight) {
    for (int64_t i = 0; i < lanes.step; ++i)
      to[out + i] += weight * from[in + i];
  });
  auto backward = [lanes, rows = makeTaps(axis, true), shape = x.shape()](const Tensor &upstream,
                                                                          GradientSum &gradient) {
    double *sum = gradient.buffer(shape);
    forEachTap(lanes, rows, [&](int64_t out, int64_t in, double weight) {
      for (int64_t i = 0; i < lanes.step; ++i)
        sum[in + i] += weight * upstream[out + i];
    });
  };
  return record(result, {{x, std::move(backward)}});
}

Variable resample(const Variable &x, const std::vector<int64_t> &outputSize,
                  const ResampleOptions &options) {
  Variable y = x;
  int64_t lead = x.rank() - int64_t(outputSize.size());
  bool weighted = options.mode == ResampleMode::Linear || options.mode == ResampleMode::Cubic;
  for (size_t d = 0; d < outputSize.size(); ++d) {
    int64_t dim = lead + int64_t(d);
    double scale = options.scales.empty() ? 0 : options.scales[d];
    Axis axis{x.dim(dim),
              outputSize[d],
              scale,
              options.mode,
              weighted && options.alignCorners,
              outputSize.size() == 2};
    y = resampleDim(y, dim, axis);
  }
  return y;
}

} // namespace tez::interp
