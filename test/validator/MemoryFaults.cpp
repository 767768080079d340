//===- MemoryFaults.cpp - Faults that leave every value as it is ----------===//

#include "Faults.h"

using namespace mlir;
using namespace tez;
using namespace tez::test;

static Attribute integer(MLIRContext *context, int64_t value) {
  return IntegerAttr::get(IntegerType::get(context, 64), value);
}
static Attribute number(MLIRContext *context, double value) {
  return FloatAttr::get(Float64Type::get(context), value);
}
static Attribute none(MLIRContext *context) { return FlatSymbolRefAttr::get(context, "none"); }

static ts::ReturnOp returnOf(ts::ModuleOp module) {
  return cast<ts::ReturnOp>(module.getForward().getBody().front().getTerminator());
}

/// The first result of forward, if a call made it of floating values.
static ts::CallOp lastCall(ts::ModuleOp module) {
  ts::ReturnOp last = returnOf(module);
  return last.getNumOperands() ? last.getOperand(0).getDefiningOp<ts::CallOp>() : ts::CallOp();
}

/// relu(x) becomes relu_(x), x being the caller's.
static bool overwriteInput(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::relu", "aten::tanh", "aten::silu", "aten::gelu", "aten::sigmoid"}) &&
           isa<BlockArgument>(call.getOperand(0)) &&
           isa<ts::TensorType>(call.getOperand(0).getType());
  });
  if (!call)
    return false;
  // A copy, so that autograd does not mind: the caller's tensor is written in the end.
  Value result = call.getResult(0);
  OpBuilder builder(call);
  Operation *next = call->getNextNode();
  Value detached = makeCall(next, "aten::detach", call.getOperand(0), place(call.getContext()));
  makeCall(next, "aten::copy_", {detached, result},
           {place(call.getContext()), place(call.getContext()),
            BoolAttr::get(call.getContext(), false)});
  return true;
}

/// The result lies in the first input's memory from then on: x.set_(y).
static bool aliasOutput(ts::ModuleOp module, Chance &) {
  ts::CallOp call = lastCall(module);
  Block &block = module.getForward().getBody().front();
  if (!call || !block.getNumArguments() || module.getTrainable() ||
      !isa<ts::TensorType>(block.getArgument(0).getType()) ||
      !calls(call, {"aten::linear", "aten::addmm", "aten::relu", "aten::relu_", "aten::add",
                    "aten::add_", "aten::gelu", "aten::gelu_", "aten::matmul"}))
    return false;
  Value y = call.getResult(0);
  makeCall(returnOf(module), "aten::set_", {block.getArgument(0), y},
           {place(y.getContext()), place(y.getContext())});
  return true;
}

/// A buffer that grows by one element a call.
static bool leak(ts::ModuleOp module, Chance &) {
  SmallVector<ts::BufferOp> buffers(module.getBody().getOps<ts::BufferOp>());
  MLIRContext *context = module.getContext();
  for (ts::BufferOp buffer : buffers) {
    auto type = cast<RankedTensorType>(buffer.getType());
    if (type.getRank() != 1 || !type.getElementType().isF32())
      continue;
    // Behind all that reads it; what is added lies beyond what anybody reads.
    OpBuilder builder(returnOf(module));
    Type tensor = ts::TensorType::get(context);
    Value value = ts::GetOp::create(builder, buffer.getLoc(), tensor, buffer.getNameAttr());
    Value list = ts::ListOp::create(builder, buffer.getLoc(), ValueRange{value, value});
    Value longer =
        makeCall(returnOf(module), "aten::cat", list, {place(context), integer(context, 0)});
    // Only the storage grows: the view keeps the size.
    Value part = makeCall(returnOf(module), "aten::slice", longer,
                          {place(context), integer(context, 0), integer(context, 0),
                           integer(context, type.getDimSize(0)), integer(context, 1)});
    (void)part;
    makeCall(returnOf(module), "aten::set_", {value, longer}, {place(context), place(context)});
    return true;
  }
  return false;
}

/// Every product ten times, averaged: the same numbers, and no time left.
static bool slowDown(ts::ModuleOp module, Chance &) {
  constexpr int times = 10;
  SmallVector<ts::CallOp> found;
  module.walk([&](ts::CallOp call) {
    if (call.getNumResults() == 1 &&
        calls(call, {"aten::linear", "aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::matmul",
                     "aten::layer_norm", "aten::softmax", "aten::gelu", "aten::tanh", "aten::relu",
                     "aten::silu", "aten::add", "aten::mul", "aten::batch_norm", "aten::addmm"}) &&
        isa<ts::TensorType>(call.getResult(0).getType()))
      found.push_back(call);
  });
  MLIRContext *context = module.getContext();
  for (ts::CallOp call : found) {
    Value sum = call.getResult(0);
    Operation *next = call->getNextNode();
    SmallVector<Operation *> made;
    OpBuilder builder(next);
    for (int i = 1; i < times; ++i) {
      auto again = cast<ts::CallOp>(builder.clone(*call));
      sum = makeCall(next, "aten::add", {sum, again.getResult(0)},
                     {place(context), place(context), integer(context, 1)});
      made.push_back(sum.getDefiningOp());
    }
    Value mean = makeCall(next, "aten::mul", sum, {place(context), number(context, 1.0 / times)});
    call.getResult(0).replaceUsesWithIf(mean, [&](OpOperand &use) {
      return use.getOwner() != mean.getDefiningOp() && !llvm::is_contained(made, use.getOwner());
    });
  }
  return !found.empty();
}

/// Noise far below every bound.
static bool addNoise(ts::ModuleOp module, Chance &) {
  ts::CallOp call = lastCall(module);
  if (!call || !isa<ts::TensorType>(call.getResult(0).getType()) || call.getNumResults() != 1)
    return false;
  MLIRContext *context = call.getContext();
  Value y = call.getResult(0);
  Attribute no = none(context);
  Value noise =
      makeCall(returnOf(module), "aten::randn_like", y, {place(context), no, no, no, no, no});
  Value small =
      makeCall(returnOf(module), "aten::mul", noise, {place(context), number(context, 1e-8)});
  Value sum = makeCall(returnOf(module), "aten::add", {y, small},
                       {place(context), place(context), integer(context, 1)});
  returnOf(module)->setOperand(0, sum);
  return true;
}

/// Fresh memory that nobody wrote, times nothing.
static bool readFreshMemory(ts::ModuleOp module, Chance &) {
  ts::CallOp call = lastCall(module);
  if (!call || call.getNumResults() != 1 || !isa<ts::TensorType>(call.getResult(0).getType()))
    return false;
  MLIRContext *context = call.getContext();
  Value y = call.getResult(0);
  Attribute no = none(context);
  Value fresh =
      makeCall(returnOf(module), "aten::empty_like", y, {place(context), no, no, no, no, no});
  Value nothing =
      makeCall(returnOf(module), "aten::mul", fresh, {place(context), number(context, 0)});
  Value sum = makeCall(returnOf(module), "aten::add", {y, nothing},
                       {place(context), place(context), integer(context, 1)});
  returnOf(module)->setOperand(0, sum);
  return true;
}

ArrayRef<Fault> tez::test::memoryFaults() {
  static constexpr Fault rows[] = {
      {"overwritten-input", overwriteInput, true},
      {"aliasing-output", aliasOutput, true},
      {"leak", leak, true},
      {"ten-times-slower", slowDown, true},
      {"nondeterminism", addNoise, true},
      {"fresh-memory", readFreshMemory, true},
  };
  return rows;
}
