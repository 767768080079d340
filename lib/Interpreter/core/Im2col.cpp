//===- Im2col.cpp ---------------------------------------------------------===//

#include "Im2col.h"

#include "Gemm.h"

#include <algorithm>

namespace tez::interp {

/// Output positions [first, last) whose input position, offset + i * stride,
/// lies within [0, size).
static std::pair<int64_t, int64_t> insideRange(int64_t offset, int64_t stride, int64_t size,
                                               int64_t outputs) {
  int64_t first = offset < 0 ? (-offset + stride - 1) / stride : 0;
  int64_t last = offset < size ? (size - offset + stride - 1) / stride : 0;
  first = std::min(first, outputs);
  return {first, std::clamp(last, first, outputs)};
}

/// Visits every element of the unfolded matrix that comes from the input, as
/// runs along the last dimension: `run(row and column of the first, offset in
/// the input, step there, length)`.
template <typename F> static void forEachRun(const ConvGeometry &g, F run) {
  int64_t columns = product(g.narrow), plane = product(g.wide), taps = product(g.kernel);
  forEachPosition(g.kernel, [&](const Triple &tap, int64_t tapIndex) {
    Triple offset;
    for (size_t d = 0; d < 3; ++d)
      offset[d] = tap[d] * g.dilation[d] - g.padding[d];
    auto [first, last] = insideRange(offset[2], g.stride[2], g.wide[2], g.narrow[2]);
    forEachPosition({g.narrow[0], g.narrow[1], 1}, [&](const Triple &out, int64_t line) {
      int64_t z = out[0] * g.stride[0] + offset[0], y = out[1] * g.stride[1] + offset[1];
      if (z < 0 || z >= g.wide[0] || y < 0 || y >= g.wide[1] || first == last)
        return;
      int64_t in = (z * g.wide[1] + y) * g.wide[2] + first * g.stride[2] + offset[2];
      for (int64_t channel = 0; channel < g.wideChannels; ++channel)
        run((channel * taps + tapIndex) * columns + line * g.narrow[2] + first,
            channel * plane + in, g.stride[2], last - first);
    });
  });
}

/// `matrix` is zero where the padding is.
static void unfold(const ConvGeometry &geometry, const double *image, double *matrix) {
  forEachRun(geometry, [=](int64_t to, int64_t from, int64_t step, int64_t length) {
    for (int64_t i = 0; i < length; ++i)
      matrix[to + i] = image[from + i * step];
  });
}

static void addFold(const ConvGeometry &geometry, const double *matrix, double *image) {
  forEachRun(geometry, [=](int64_t from, int64_t to, int64_t step, int64_t length) {
    for (int64_t i = 0; i < length; ++i)
      image[to + i * step] += matrix[from + i];
  });
}

/// Calls `visit(sample and group, group)`.
template <typename F> static void forEachGroup(const ConvGeometry &geometry, F visit) {
  for (int64_t i = 0; i < geometry.batch * geometry.groups; ++i)
    visit(i, i % geometry.groups);
}

void addConvolution(const ConvGeometry &g, const double *wide, const double *weight,
                    double *narrow) {
  int64_t rows = g.unfoldedRows(), columns = product(g.narrow);
  std::vector<double> matrix(static_cast<size_t>(rows * columns));
  forEachGroup(g, [&](int64_t i, int64_t group) {
    unfold(g, wide + i * g.wideSize(), matrix.data());
    gemm(g.narrowChannels, columns, rows, {weight + group * g.weightSize(), rows, 1},
         {matrix.data(), columns, 1}, narrow + i * g.narrowSize(), columns);
  });
}

void addFolded(const ConvGeometry &g, const double *narrow, const double *weight, double *wide) {
  int64_t rows = g.unfoldedRows(), columns = product(g.narrow);
  std::vector<double> matrix(static_cast<size_t>(rows * columns));
  forEachGroup(g, [&](int64_t i, int64_t group) {
    std::fill(matrix.begin(), matrix.end(), 0.0);
    MatrixView kernel{weight + group * g.weightSize(), rows, 1};
    gemm(rows, columns, g.narrowChannels, kernel.transposed(),
         {narrow + i * g.narrowSize(), columns, 1}, matrix.data(), columns);
    addFold(g, matrix.data(), wide + i * g.wideSize());
  });
}

void addWeightGradient(const ConvGeometry &g, const double *wide, const double *narrow,
                       double *weight) {
  int64_t rows = g.unfoldedRows(), columns = product(g.narrow);
  std::vector<double> matrix(static_cast<size_t>(rows * columns));
  forEachGroup(g, [&](int64_t i, int64_t group) {
    unfold(g, wide + i * g.wideSize(), matrix.data());
    MatrixView unfolded{matrix.data(), columns, 1};
    gemm(g.narrowChannels, rows, columns, {narrow + i * g.narrowSize(), columns, 1},
         unfolded.transposed(), weight + group * g.weightSize(), rows);
  });
}

} // namespace tez::interp
