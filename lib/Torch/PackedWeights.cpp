//===- PackedWeights.cpp --------------------------------------------------===//

#include "PackedWeights.h"
#include "Tensors.h"
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/_make_per_channel_quantized_tensor.h>
#include <ATen/ops/zeros.h>

using namespace tez;

static at::Tensor named(llvm::StringRef name, const WeightStore &weights) {
  const HostTensor *tensor = weights.lookup(name);
  TORCH_CHECK(tensor, "no weights for \"", name.str(), "\"");
  return toTorch(*tensor);
}

/// Stride, padding, dilation, groups, as the operator takes them.
static void pushSizes(llvm::ArrayRef<int64_t> sizes, torch::jit::Stack &stack) {
  for (size_t at = 0; at + 2 < sizes.size(); at += 2)
    stack.emplace_back(std::vector<int64_t>{sizes[at], sizes[at + 1]});
  if (!sizes.empty())
    stack.emplace_back(sizes.back());
}

c10::IValue tez::packWeight(ts::PackedOp op, const WeightStore &weights) {
  at::Tensor values = named(op.getWeight(), weights), scales = named(op.getScales(), weights);
  at::Tensor zeros = at::zeros(scales.sizes(), at::kLong);
  torch::jit::Stack stack;
  stack.emplace_back(
      at::_make_per_channel_quantized_tensor(values, scales.to(at::kDouble), zeros, /*axis=*/0));
  stack.emplace_back(op.getBias().empty() ? c10::IValue() : named(op.getBias(), weights));
  pushSizes(op.getSizes(), stack);
  c10::Dispatcher::singleton()
      .findSchemaOrThrow(op.getPrepack().str().c_str(), "")
      .callBoxed(stack);
  return stack.front();
}
