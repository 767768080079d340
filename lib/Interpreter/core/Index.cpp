//===- Index.cpp - Rearranging by index tables ----------------------------===//

#include "tez/Interpreter/FunctionsIndex.h"

#include "tez/Interpreter/FunctionsShape.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace tez::interp {

Variable gather(const Variable &x, const Shape &shape, std::vector<int64_t> index, double fill) {
  Tensor result(shape);
  assert(int64_t(index.size()) == result.size() && "one index per element");
  double *to = result.mutableData();
  const double *from = x.value().data();
  for (size_t i = 0; i < index.size(); ++i)
    to[i] = index[i] < 0 ? fill : from[index[i]];
  auto backward = [whole = x.shape(), index = std::move(index)](const Tensor &upstream,
                                                                GradientSum &gradient) {
    double *sum = gradient.buffer(whole);
    for (size_t i = 0; i < index.size(); ++i)
      if (index[i] >= 0)
        sum[index[i]] += upstream[int64_t(i)];
  };
  return record(result, {{x, std::move(backward)}});
}

Variable gatherSeparable(const Variable &x, const std::vector<std::vector<int64_t>> &tables,
                         double fill) {
  Shape shape, strides = contiguousStrides(x.shape());
  std::vector<int64_t> index{0};
  for (size_t d = 0; d < tables.size(); ++d) {
    shape.push_back(int64_t(tables[d].size()));
    std::vector<int64_t> finer;
    finer.reserve(index.size() * tables[d].size());
    for (int64_t outer : index)
      for (int64_t i : tables[d])
        finer.push_back(outer < 0 || i < 0 ? -1 : outer + i * strides[d]);
    index = std::move(finer);
  }
  return gather(x, shape, std::move(index), fill);
}

/// The element of a dimension of `size` that position `i` outside of it shows.
static int64_t paddedIndex(int64_t i, int64_t size, PadMode mode) {
  if (i >= 0 && i < size)
    return i;
  switch (mode) {
  case PadMode::Constant:
    return -1;
  case PadMode::Reflect:
    return i < 0 ? -i : 2 * (size - 1) - i;
  case PadMode::Replicate:
    return i < 0 ? 0 : size - 1;
  case PadMode::Circular:
    return (i % size + size) % size;
  }
  return -1;
}

Variable pad(const Variable &x, const std::vector<int64_t> &pads, PadMode mode, double value) {
  std::vector<std::vector<int64_t>> tables;
  for (int64_t d = 0; d < x.rank(); ++d) {
    size_t fromRight = size_t(x.rank() - 1 - d);
    bool padded = 2 * fromRight < pads.size();
    int64_t low = padded ? pads[2 * fromRight] : 0, high = padded ? pads[2 * fromRight + 1] : 0;
    std::vector<int64_t> &table = tables.emplace_back();
    for (int64_t i = -low; i < x.dim(d) + high; ++i)
      table.push_back(paddedIndex(i, x.dim(d), mode));
  }
  return gatherSeparable(x, tables, value);
}

/// For every index: 1, or 1 / how often it occurs among them.
static std::vector<double> lookUpWeights(const Tensor &indices, int64_t rows, bool byFrequency) {
  std::vector<double> weights(size_t(indices.size()), 1);
  std::vector<double> counts(byFrequency ? size_t(rows) : 0);
  for (int64_t i = 0; byFrequency && i < indices.size(); ++i)
    ++counts[size_t(indices[i])];
  for (int64_t i = 0; byFrequency && i < indices.size(); ++i)
    weights[size_t(i)] = 1 / counts[size_t(indices[i])];
  return weights;
}

Variable embedding(const Variable &table, const Tensor &indices, int64_t paddingIndex,
                   bool byFrequency) {
  int64_t width = table.dim(1);
  Shape shape = indices.shape();
  shape.push_back(width);
  Tensor result(shape);
  double *to = result.mutableData();
  for (int64_t i = 0; i < indices.size(); ++i) {
    assert(indices[i] >= 0 && indices[i] < double(table.dim(0)) && "index within the table");
    std::copy_n(table.value().data() + int64_t(indices[i]) * width, width, to + i * width);
  }
  auto backward = [=, whole = table.shape()](const Tensor &upstream, GradientSum &gradient) {
    double *sum = gradient.buffer(whole);
    std::vector<double> weights = lookUpWeights(indices, whole[0], byFrequency);
    for (int64_t i = 0; i < indices.size(); ++i)
      for (int64_t row = int64_t(indices[i]), j = 0; row != paddingIndex && j < width; ++j)
        sum[row * width + j] += weights[size_t(i)] * upstream[i * width + j];
  };
  return record(result, {{table, backward}});
}

/// `lead` dimensions as they are, then those of `order` counted from there.
static Shape orderAfter(size_t lead, std::initializer_list<int64_t> order) {
  Shape result(lead);
  std::iota(result.begin(), result.end(), 0);
  for (int64_t dim : order)
    result.push_back(int64_t(lead) + dim);
  return result;
}

static Shape extended(const Shape &shape, size_t lead, std::initializer_list<int64_t> tail) {
  Shape result(shape.begin(), shape.begin() + int64_t(lead));
  result.insert(result.end(), tail);
  return result;
}

Variable pixelShuffle(const Variable &x, int64_t factor) {
  size_t lead = size_t(x.rank() - 3);
  int64_t channels = x.dim(-3) / (factor * factor), height = x.dim(-2), width = x.dim(-1);
  Variable split = reshape(x, extended(x.shape(), lead, {channels, factor, factor, height, width}));
  return reshape(permute(split, orderAfter(lead, {0, 3, 1, 4, 2})),
                 extended(x.shape(), lead, {channels, height * factor, width * factor}));
}

Variable pixelUnshuffle(const Variable &x, int64_t factor) {
  size_t lead = size_t(x.rank() - 3);
  int64_t channels = x.dim(-3), height = x.dim(-2) / factor, width = x.dim(-1) / factor;
  Variable split = reshape(x, extended(x.shape(), lead, {channels, height, factor, width, factor}));
  return reshape(permute(split, orderAfter(lead, {0, 2, 4, 1, 3})),
                 extended(x.shape(), lead, {channels * factor * factor, height, width}));
}

Variable channelShuffle(const Variable &x, int64_t groups) {
  Shape split = x.shape();
  split[1] /= groups;
  split.insert(split.begin() + 1, groups);
  return reshape(transpose(reshape(x, split), 1, 2), x.shape());
}

} // namespace tez::interp
