//===- Quantized.cpp - Products of 8-bit numbers --------------------------===//
//
// torch's 8-bit operators take the weight, its scales and the bias packed: an
// attribute of the module (ts.packed) that is made when the file is.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// torch.quint8, c10/core/ScalarType.h.
static constexpr int64_t kUnsigned8 = 13;

bool tez::isPackedOnly(Operation *state) {
  return !state->use_empty() && llvm::all_of(state->getUses(), [](OpOperand &use) {
    return isa<QuantizedLinearOp, QuantizedConvOp>(use.getOwner()) && use.getOperandNumber() > 0;
  });
}

/// "" for an absent bias; nothing for what is not state.
static std::optional<StringRef> stateName(Value value) {
  if (!value)
    return StringRef();
  if (!isa_and_present<ParamOp, BufferOp>(value.getDefiningOp()))
    return std::nullopt;
  return value.getDefiningOp()->getAttrOfType<StringAttr>("name").getValue();
}

/// `base`, or the next free name after it.
static std::string freeName(ts::ModuleOp module, std::string base) {
  auto taken = [&](StringRef name) {
    return llvm::any_of(module.getBody().front(), [&](Operation &op) {
      auto attr = op.getAttrOfType<StringAttr>("name");
      return attr && attr.getValue() == name;
    });
  };
  while (taken(base))
    base += "_";
  return base;
}

/// Declares the packed weight in front of ts.forward and reads it; null after an error.
template <typename Op>
static Value pack(Op op, StringRef prepack, ArrayRef<int64_t> sizes, Emitter &emitter) {
  std::optional<StringRef> weight = stateName(op.getWeight()), scales = stateName(op.getScales()),
                           bias = stateName(op.getBias());
  if (!weight || !scales || !bias) {
    op.emitOpError("packs its weight, scales and bias, which must be parameters or buffers "
                   "(esper-freeze-state makes buffers of what is computed)");
    return nullptr;
  }
  auto forward = cast<ts::ForwardOp>(emitter.builder.getBlock()->getParentOp());
  auto module = forward->template getParentOfType<ts::ModuleOp>();
  std::string name = freeName(module, (*weight + "_packed").str());
  OpBuilder declarations(forward);
  ts::PackedOp::create(declarations, op.getLoc(), name, prepack, *weight, *scales, *bias, sizes);
  return ts::GetOp::create(emitter.builder, op.getLoc(), ts::PackedType::get(op.getContext()),
                           name);
}

/// Codes above 127 would overflow the 16-bit sums of processors without a
/// dot-product instruction.
static Value clampToGrid(Value input, double scale, int64_t zero, Emitter &emitter) {
  return emitter.call("aten::clamp", {input, scale * double(-zero), scale * double(127 - zero)});
}

/// `call` on the input, which in a call may have one dimension less than the `least`
/// that torch's operator takes: then it gets a batch of one for the time.
static Value callWithBatch(Value input, int64_t least, Emitter &emitter,
                           llvm::function_ref<Value(Value)> call) {
  auto asBatch = [&] {
    Value batch = emitter.call("aten::unsqueeze", {input, 0});
    return emitter.call("aten::squeeze", {call(batch), 0});
  };
  Value rank = emitter.call("aten::dim", {input});
  return emitter.branch(
      emitter.call("aten::gt", {rank, least - 1}), [&] { return call(input); }, asBatch);
}

static Value callLinear(QuantizedLinearOp op, Value input, Value packed, Emitter &emitter) {
  bool relu = op.getRelu();
  if (!op.getInputScale())
    return emitter.call(relu ? "quantized::linear_relu_dynamic" : "quantized::linear_dynamic",
                        {input, packed, true});
  double scale = op.getInputScale()->convertToDouble();
  int64_t zero = *op.getInputZero();
  return emitter.call(relu ? "quantized::linear_with_input_q_dq_qweight_dq_relu_output_fp32"
                           : "quantized::linear_with_input_q_dq_qweight_dq_output_fp32",
                      {clampToGrid(input, scale, zero, emitter), scale, zero, packed});
}

/// Can the input have one dimension in a call; torch's operators take two and more.
static bool mayBeVector(QuantizedLinearOp op) {
  int64_t rank = op.getInput().getType().getRank();
  return rank == 1 || (rank == 2 && op->getParentOfType<KernelOp>().getLeadingAny());
}

LogicalResult tez::emitQuantizedLinear(Operation *operation, Emitter &emitter) {
  auto op = cast<QuantizedLinearOp>(operation);
  Value packed = pack(op, "quantized::linear_prepack", {}, emitter);
  if (!packed)
    return failure();
  Value input = emitter.valueOf(op.getInput());
  auto call = [&](Value rows) { return callLinear(op, rows, packed, emitter); };
  emitter.bind(op.getOutput(),
               mayBeVector(op) ? callWithBatch(input, 2, emitter, call) : call(input));
  return success();
}

/// The convolution on whose output grid `value` is: pools choose among its elements.
static QuantizedConvOp gridSource(Value value) {
  while (auto pool = value.getDefiningOp<MaxPoolOp>())
    value = pool.getInput();
  return value.getDefiningOp<QuantizedConvOp>();
}

/// Do pools and convolutions on that grid alone read `value`.
static bool isReadOnGrid(Value value, QuantizedConvOp from) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (auto pool = dyn_cast<MaxPoolOp>(user))
      return isReadOnGrid(pool.getOutput(), from);
    auto to = dyn_cast<QuantizedConvOp>(user);
    return to && to.getInput() == value && to.getInputScale() == from.getOutputScale() &&
           to.getInputZero() == from.getOutputZero();
  });
}

/// Need `value` not be made of fp32 between two 8-bit convolutions. All that hangs
/// on the first one stays in 8 bits, or nothing does.
static bool staysQuantized(Value value) {
  QuantizedConvOp from = gridSource(value);
  return from && isReadOnGrid(from.getOutput(), from);
}

static Value callConv(QuantizedConvOp op, Value input, Value packed, Emitter &emitter) {
  double scale = op.getInputScale().convertToDouble();
  double outputScale = op.getOutputScale().convertToDouble();
  int64_t zero = op.getInputZero(), outputZero = op.getOutputZero();
  if (!staysQuantized(op.getInput()))
    input = emitter.call("aten::quantize_per_tensor",
                         {clampToGrid(input, scale, zero, emitter), scale, zero, kUnsigned8});
  Value result = emitter.call(op.getRelu() ? "quantized::conv2d_relu" : "quantized::conv2d",
                              {input, packed, outputScale, outputZero});
  return staysQuantized(op.getOutput()) ? clampToGrid(result, outputScale, outputZero, emitter)
                                        : emitter.call("aten::dequantize", {result});
}

/// torch's operator takes images with a batch; a convolution also takes one without.
LogicalResult tez::emitQuantizedConv(Operation *operation, Emitter &emitter) {
  auto op = cast<QuantizedConvOp>(operation);
  SmallVector<int64_t> sizes;
  for (ArrayRef<int64_t> list : {op.getStride(), op.getPadding(), op.getDilation()})
    sizes.append(list.begin(), list.end());
  sizes.push_back(op.getGroups());
  Value packed = pack(op, "quantized::conv2d_prepack", sizes, emitter);
  if (!packed)
    return failure();
  auto call = [&](Value images) { return callConv(op, images, packed, emitter); };
  emitter.bind(op.getOutput(), callWithBatch(emitter.valueOf(op.getInput()), 4, emitter, call));
  return success();
}
