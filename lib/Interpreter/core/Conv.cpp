//===- Conv.cpp - Convolutions --------------------------------------------===//

#include "tez/Interpreter/FunctionsConv.h"

#include "Im2col.h"
#include "tez/Interpreter/FunctionsElementwise.h"
#include "tez/Interpreter/FunctionsShape.h"

#include <cassert>

namespace tez::interp {

/// What does not depend on which side is the input.
static ConvGeometry commonGeometry(const Variable &x, const Variable &weight,
                                   const ConvOptions &options) {
  size_t rank = size_t(x.rank() - 2);
  assert(rank >= 1 && rank <= 3 && weight.rank() == x.rank() && "one to three dimensions");
  ConvGeometry g{};
  g.batch = x.dim(0);
  g.groups = options.groups;
  g.kernel = triple(weight.shape(), 1, rank);
  g.stride = triple(options.stride, 1, rank);
  g.padding = triple(options.padding, 0, rank);
  g.dilation = triple(options.dilation, 1, rank);
  // Both weights are [narrow, wide / groups, kernel...]: the transposed one maps
  // the other way.
  g.narrowChannels = weight.dim(0) / options.groups;
  g.wideChannels = weight.dim(1);
  return g;
}

static int64_t narrowSize(const ConvGeometry &g, size_t d) {
  return (g.wide[d] + 2 * g.padding[d] - g.dilation[d] * (g.kernel[d] - 1) - 1) / g.stride[d] + 1;
}

/// [batch, channels, the last dimensions of `spatial`].
static Shape imageShape(int64_t batch, int64_t channels, const Triple &spatial, int64_t rank) {
  Shape shape{batch, channels};
  shape.insert(shape.end(), spatial.end() - (rank - 2), spatial.end());
  return shape;
}

static Variable addBias(const Variable &y, const Variable &bias) {
  if (!bias.defined())
    return y;
  Shape shape(size_t(y.rank() - 1), 1);
  shape[0] = bias.dim(0);
  return add(y, reshape(bias, shape));
}

Variable conv(const Variable &x, const Variable &weight, const Variable &bias,
              const ConvOptions &options) {
  ConvGeometry g = commonGeometry(x, weight, options);
  assert(x.dim(1) == g.wideChannels * g.groups && "the weight fits the channels");
  g.wide = triple(x.shape(), 1, size_t(x.rank() - 2));
  for (size_t d = 0; d < 3; ++d)
    g.narrow[d] = narrowSize(g, d);
  const Tensor &in = x.value(), &kernel = weight.value();
  Tensor y(imageShape(g.batch, weight.dim(0), g.narrow, x.rank()));
  addConvolution(g, in.data(), kernel.data(), y.mutableData());
  auto toInput = [=](const Tensor &upstream, GradientSum &gradient) {
    addFolded(g, upstream.data(), kernel.data(), gradient.buffer(in.shape()));
  };
  auto toWeight = [=](const Tensor &upstream, GradientSum &gradient) {
    addWeightGradient(g, in.data(), upstream.data(), gradient.buffer(kernel.shape()));
  };
  return addBias(record(y, {{x, toInput}, {weight, toWeight}}), bias);
}

Variable convTransposed(const Variable &x, const Variable &weight, const Variable &bias,
                        const ConvOptions &options) {
  ConvGeometry g = commonGeometry(x, weight, options);
  assert(x.dim(1) == weight.dim(0) && "the weight fits the channels");
  size_t rank = size_t(x.rank() - 2);
  g.narrow = triple(x.shape(), 1, rank);
  Triple extra = triple(options.outputPadding, 0, rank);
  for (size_t d = 0; d < 3; ++d)
    g.wide[d] = (g.narrow[d] - 1) * g.stride[d] - 2 * g.padding[d] +
                g.dilation[d] * (g.kernel[d] - 1) + extra[d] + 1;
  const Tensor &in = x.value(), &kernel = weight.value();
  Tensor y(imageShape(g.batch, g.wideChannels * g.groups, g.wide, x.rank()));
  addFolded(g, in.data(), kernel.data(), y.mutableData());
  auto toInput = [=](const Tensor &upstream, GradientSum &gradient) {
    addConvolution(g, upstream.data(), kernel.data(), gradient.buffer(in.shape()));
  };
  auto toWeight = [=](const Tensor &upstream, GradientSum &gradient) {
    addWeightGradient(g, upstream.data(), in.data(), gradient.buffer(kernel.shape()));
  };
  return addBias(record(y, {{x, toInput}, {weight, toWeight}}), bias);
}

} // namespace tez::interp
