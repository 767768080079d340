//===- Pool.cpp - Pooling -------------------------------------------------===//

#include "tez/Interpreter/FunctionsPool.h"

#include "Window.h"
#include "tez/Interpreter/FunctionsIndex.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace tez::interp {

namespace {

/// The input positions begin, begin + step, ... below `end` of one window along
/// one dimension, and how many it has with the padding.
struct Range {
  int64_t begin, end, step, padded;

  int64_t count() const { return end <= begin ? 0 : (end - begin + step - 1) / step; }
};

/// The windows of a pooling: one list per dimension.
struct Windows {
  Triple in;
  std::array<std::vector<Range>, 3> ranges;

  Triple out() const {
    return {int64_t(ranges[0].size()), int64_t(ranges[1].size()), int64_t(ranges[2].size())};
  }

  std::array<Range, 3> at(const Triple &position) const {
    return {ranges[0][size_t(position[0])], ranges[1][size_t(position[1])],
            ranges[2][size_t(position[2])]};
  }

  /// Calls `visit(offset within the plane)` for each position of a window.
  template <typename F> void forEach(const std::array<Range, 3> &window, F visit) const {
    for (int64_t z = window[0].begin; z < window[0].end; z += window[0].step)
      for (int64_t y = window[1].begin; y < window[1].end; y += window[1].step)
        for (int64_t x = window[2].begin; x < window[2].end; x += window[2].step)
          visit((z * in[1] + y) * in[2] + x);
  }
};

/// One dimension of a sliding window.
struct Slide {
  int64_t kernel, stride, padding, dilation;
  bool ceilMode;

  int64_t outputs(int64_t size) const {
    int64_t room = size + 2 * padding - dilation * (kernel - 1) - 1;
    int64_t count = (room + (ceilMode ? stride - 1 : 0)) / stride + 1;
    // The last window must start within the input or the padding before it.
    return ceilMode && (count - 1) * stride >= size + padding ? count - 1 : count;
  }

  Range range(int64_t output, int64_t size) const {
    int64_t begin = output * stride - padding;
    int64_t end = begin + dilation * (kernel - 1) + 1;
    int64_t padded = std::min(end, size + padding) - begin;
    if (begin < 0)
      begin += (-begin + dilation - 1) / dilation * dilation;
    return {begin, std::min(end, size), dilation, padded};
  }
};

} // namespace

static Windows slidingWindows(const Variable &x, const PoolOptions &options) {
  size_t rank = options.kernel.size();
  assert(rank >= 1 && rank <= 3 && int64_t(rank) <= x.rank() && "one to three dimensions");
  Triple kernel = triple(options.kernel, 1, rank);
  Triple stride = options.stride.empty() ? kernel : triple(options.stride, 1, rank);
  Triple padding = triple(options.padding, 0, rank), dilation = triple(options.dilation, 1, rank);
  Windows windows{triple(x.shape(), 1, rank), {}};
  for (size_t d = 0; d < 3; ++d) {
    Slide slide{kernel[d], stride[d], padding[d], dilation[d], options.ceilMode};
    for (int64_t i = 0, e = slide.outputs(windows.in[d]); i < e; ++i)
      windows.ranges[d].push_back(slide.range(i, windows.in[d]));
  }
  return windows;
}

/// Window i of n covers [floor(i size / n), ceil((i + 1) size / n)).
static Windows adaptiveWindows(const Variable &x, const std::vector<int64_t> &outputSize) {
  size_t rank = outputSize.size();
  Triple out = triple(outputSize, 1, rank);
  Windows windows{triple(x.shape(), 1, rank), {}};
  for (size_t d = 0; d < 3; ++d)
    for (int64_t i = 0, size = windows.in[d]; i < out[d]; ++i) {
      int64_t begin = i * size / out[d], end = ((i + 1) * size + out[d] - 1) / out[d];
      windows.ranges[d].push_back({begin, end, 1, end - begin});
    }
  return windows;
}

/// The shape of `x` with the pooled dimensions replaced.
static Shape pooledShape(const Variable &x, const Windows &windows, size_t rank) {
  Triple out = windows.out();
  Shape shape = x.shape();
  std::copy_n(out.end() - rank, rank, shape.end() - int64_t(rank));
  return shape;
}

/// Planes in front of the last `rank` dimensions.
static int64_t numPlanes(const Variable &x, size_t rank) {
  int64_t planes = 1;
  for (size_t i = 0; i + rank < x.shape().size(); ++i)
    planes *= x.shape()[i];
  return planes;
}

/// -1 for a window that lies in the padding altogether (dilation can do that).
static int64_t argmax(const double *plane, const Windows &windows,
                      const std::array<Range, 3> &window) {
  if (window[0].count() * window[1].count() * window[2].count() == 0)
    return -1;
  int64_t best =
      (window[0].begin * windows.in[1] + window[1].begin) * windows.in[2] + window[2].begin;

  double greatest = -std::numeric_limits<double>::infinity();
  windows.forEach(window, [&](int64_t i) {
    if (plane[i] > greatest || std::isnan(plane[i])) {
      greatest = plane[i];
      best = i;
    }
  });
  return best;
}

static MaxPooled maxOver(const Variable &x, const Windows &windows, size_t rank) {
  Shape shape = pooledShape(x, windows, rank);
  Tensor indices(shape);
  int64_t plane = product(windows.in);
  std::vector<int64_t> index;
  for (int64_t p = 0, e = numPlanes(x, rank); p < e; ++p)
    forEachPosition(windows.out(), [&](const Triple &position, int64_t) {
      const double *data = x.value().data() + p * plane;
      int64_t best = argmax(data, windows, windows.at(position));
      indices.mutableData()[index.size()] = double(best);
      index.push_back(best < 0 ? -1 : p * plane + best);
    });
  double none = -std::numeric_limits<double>::infinity();
  return {gather(x, shape, std::move(index), none), indices};
}

/// `divisor(window)` is what the sum over a window is divided by.
template <typename D>
static Variable averageOver(const Variable &x, Windows windows, size_t rank, D divisor) {
  Tensor y(pooledShape(x, windows, rank));
  int64_t plane = product(windows.in), outputs = product(windows.out());
  int64_t planes = numPlanes(x, rank);
  forEachPosition(windows.out(), [&](const Triple &position, int64_t flat) {
    std::array<Range, 3> window = windows.at(position);
    for (int64_t p = 0; p < planes; ++p) {
      double sum = 0;
      windows.forEach(window, [&](int64_t i) { sum += x.value()[p * plane + i]; });
      y.mutableData()[p * outputs + flat] = sum / divisor(window);
    }
  });
  auto backward = [=, shape = x.shape()](const Tensor &upstream, GradientSum &gradient) {
    double *sum = gradient.buffer(shape);
    forEachPosition(windows.out(), [&](const Triple &position, int64_t flat) {
      std::array<Range, 3> window = windows.at(position);
      for (int64_t p = 0; p < planes; ++p) {
        double share = upstream[p * outputs + flat] / divisor(window);
        windows.forEach(window, [&](int64_t i) { sum[p * plane + i] += share; });
      }
    });
  };
  return record(y, {{x, backward}});
}

MaxPooled maxPoolWithIndices(const Variable &x, const PoolOptions &options) {
  return maxOver(x, slidingWindows(x, options), options.kernel.size());
}

Variable maxPool(const Variable &x, const PoolOptions &options) {
  return maxPoolWithIndices(x, options).values;
}

Variable adaptiveMaxPool(const Variable &x, const std::vector<int64_t> &outputSize) {
  return maxOver(x, adaptiveWindows(x, outputSize), outputSize.size()).values;
}

Variable avgPool(const Variable &x, const PoolOptions &options) {
  auto divisor = [fixed = options.divisorOverride,
                  padded = options.countIncludePad](const std::array<Range, 3> &window) {
    if (fixed != 0)
      return double(fixed);
    int64_t count = 1;
    for (const Range &range : window)
      count *= padded ? range.padded : range.count();
    return double(std::max<int64_t>(count, 1));
  };
  return averageOver(x, slidingWindows(x, options), options.kernel.size(), divisor);
}

Variable adaptiveAvgPool(const Variable &x, const std::vector<int64_t> &outputSize) {
  auto divisor = [](const std::array<Range, 3> &window) {
    return double(window[0].count() * window[1].count() * window[2].count());
  };
  return averageOver(x, adaptiveWindows(x, outputSize), outputSize.size(), divisor);
}

} // namespace tez::interp
