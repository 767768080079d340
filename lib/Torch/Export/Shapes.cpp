//===- Shapes.cpp - Symbolic shapes of what a program computes ------------===//

#include "Shapes.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

using namespace tez::program;
using Values = std::vector<int64_t>;

static Values measure(llvm::ArrayRef<at::Tensor> samples,
                      llvm::function_ref<int64_t(const at::Tensor &)> quantity) {
  Values values;
  for (const at::Tensor &sample : samples)
    values.push_back(quantity(sample));
  return values;
}

/// A number if all samples have the same.
static std::optional<Size> asConstant(const Values &values) {
  if (llvm::all_equal(values))
    return Size::constant(values.front(), values.size());
  return std::nullopt;
}

/// values = factor * base + added in every sample, or base = values * divisor.
static std::optional<Size> asLinear(const Values &values, const Size &base) {
  const Values &known = base.values();
  auto other = llvm::find_if(known, [&](int64_t value) { return value != known.front(); });
  if (other == known.end())
    return std::nullopt;
  int64_t step = *other - known.front();
  int64_t change = values[size_t(other - known.begin())] - values.front();
  Size found;
  if (change % step == 0)
    found = base * (change / step) + (values.front() - change / step * known.front());
  else if (values.front() > 0 && known.front() % values.front() == 0)
    found = base.dividedBy(known.front() / values.front());
  if (found.values() != values)
    return std::nullopt;
  return found;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// floor or ceil((scale size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1
static Size slide(const Size &size, const Window &window, size_t i) {
  int64_t reach = 2 * window.padding[i] - window.dilation[i] * (window.kernel[i] - 1) - 1;
  int64_t rounding = window.roundsUp ? window.stride[i] - 1 : 0;
  Size scaled = window.scale.empty() ? size : size * window.scale[i];
  return (scaled + (reach + rounding)).dividedBy(window.stride[i]) + 1;
}

std::optional<Size> ShapeFinder::windowed(const Values &values, size_t dim, size_t rank) const {
  if (!window || operands.empty() || operands[0]->sizes.size() != rank)
    return std::nullopt;
  size_t spatial = window->kernel.size();
  if (dim + spatial < rank || operands[0]->sizes[dim].isConstant())
    return std::nullopt;
  Size found = slide(operands[0]->sizes[dim], *window, dim + spatial - rank);
  if (found.values() != values)
    return std::nullopt;
  return found;
}

/// At the same place from the front, at the same place from the back, anywhere.
std::optional<Size> ShapeFinder::sameAsOperand(const Values &values, size_t dim,
                                               size_t rank) const {
  auto fits = [&](const Size &size) { return size.values() == values; };
  for (const Meta *operand : operands)
    if (dim < operand->sizes.size() && fits(operand->sizes[dim]))
      return operand->sizes[dim];
  for (const Meta *operand : operands) {
    size_t own = operand->sizes.size();
    if (dim + own >= rank && dim + own - rank < own && fits(operand->sizes[dim + own - rank]))
      return operand->sizes[dim + own - rank];
  }
  for (const Meta *operand : operands)
    for (const Size &size : operand->sizes)
      if (!size.isConstant() && fits(size))
        return size;
  return std::nullopt;
}

/// Sums over the operands, products of neighbours, and what is linear in either.
std::optional<Size> ShapeFinder::combined(const Values &values, size_t dim) const {
  std::optional<Size> sum;
  for (const Meta *operand : operands)
    if (dim < operand->sizes.size())
      sum = sum ? *sum + operand->sizes[dim] : operand->sizes[dim];
  if (sum && sum->values() == values)
    return sum;
  for (const Meta *operand : operands)
    for (size_t begin = 0; begin < operand->sizes.size(); ++begin) {
      Size product = operand->sizes[begin];
      for (size_t end = begin + 1;; product = product * operand->sizes[end++]) {
        if (std::optional<Size> found = asLinear(values, product))
          return found;
        if (end == operand->sizes.size())
          break;
      }
    }
  return std::nullopt;
}

/// What all samples share may still be a size that others would tell apart: where both would do,
/// nothing is claimed.
std::optional<Size> ShapeFinder::findSize(const Values &values, size_t dim, size_t rank) const {
  if (std::optional<Size> found = windowed(values, dim, rank))
    return found;
  std::optional<Size> same = sameAsOperand(values, dim, rank), number = asConstant(values);
  if (same && number && !same->isConstant())
    return std::nullopt;
  if (same || number)
    return same ? same : number;
  return combined(values, dim);
}

//===----------------------------------------------------------------------===//
// Strides and offsets
//===----------------------------------------------------------------------===//

/// The stride in memory without gaps: the product of the sizes of the dimensions that vary faster.
static Size denseStride(size_t dim, const Meta &meta, const at::Tensor &sample) {
  Size product = Size::constant(1, meta.sizes[dim].values().size());
  for (size_t other = 0; other < meta.sizes.size(); ++other) {
    int64_t own = sample.stride(int64_t(dim)), its = sample.stride(int64_t(other));
    if (other != dim && (its < own || (its == own && other > dim)))
      product = product * meta.sizes[other];
  }
  return product;
}

std::optional<Size> ShapeFinder::findStride(const Values &measured, size_t dim, const Meta &meta,
                                            llvm::ArrayRef<at::Tensor> samples) const {
  auto largest = llvm::max_element(
      samples, [](const at::Tensor &a, const at::Tensor &b) { return a.numel() < b.numel(); });
  Size dense = denseStride(dim, meta, *largest);
  const Values &sizes = meta.sizes[dim].values();
  Values values = measured;
  for (auto [value, wanted, size] : llvm::zip(values, dense.values(), sizes))
    if (size <= 1) // a step that nobody takes may be any
      value = wanted;
  if (dense.values() == values)
    return dense;
  if (std::optional<Size> found = asConstant(values))
    return found;
  for (const Meta *operand : operands)
    for (const Size &stride : operand->strides)
      if (llvm::all_of(llvm::zip(stride.values(), measured, sizes), [](auto one) {
            auto [its, own, size] = one;
            return size <= 1 || its == own;
          }))
        return stride;
  for (const Meta *operand : operands) // a step of a view
    for (const Size &stride : operand->strides)
      if (std::optional<Size> found = asLinear(values, stride))
        return found;
  Size product = Size::constant(1, values.size());
  for (const Size &size : llvm::reverse(meta.sizes)) {
    product = product * size;
    if (std::optional<Size> found = asLinear(values, product))
      return found;
  }
  return combined(values, meta.sizes.size());
}

std::optional<Size> ShapeFinder::findOffset(const Values &values, const Meta &meta) const {
  if (std::optional<Size> found = asConstant(values))
    return found;
  for (const Meta *operand : operands)
    if (operand->offset.values() == values)
      return operand->offset;
  for (const Size &stride : meta.strides)
    if (std::optional<Size> found = asLinear(values, stride))
      return found;
  return combined(values, meta.sizes.size());
}

std::optional<Meta> ShapeFinder::describe(llvm::ArrayRef<at::Tensor> samples) const {
  Meta meta;
  meta.type = samples.front().scalar_type();
  size_t rank = size_t(samples.front().dim());
  for (size_t dim = 0; dim < rank; ++dim) {
    auto size = [dim](const at::Tensor &t) { return t.size(int64_t(dim)); };
    std::optional<Size> found = findSize(measure(samples, size), dim, rank);
    if (!found)
      return std::nullopt;
    meta.sizes.push_back(*found);
  }
  for (size_t dim = 0; dim < rank; ++dim) {
    auto stride = [dim](const at::Tensor &t) { return t.stride(int64_t(dim)); };
    std::optional<Size> found = findStride(measure(samples, stride), dim, meta, samples);
    if (!found)
      return std::nullopt;
    meta.strides.push_back(*found);
  }
  auto offset = [](const at::Tensor &t) { return t.storage_offset(); };
  std::optional<Size> found = findOffset(measure(samples, offset), meta);
  if (!found)
    return std::nullopt;
  meta.offset = *found;
  return meta;
}
