//===- MemoryFaults.cpp - Faults that leave every value as it is ----------===//

#include "Faults.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tez;
using namespace tez::test;

static ts::ReturnOp returnOf(ts::ModuleOp module) {
  return cast<ts::ReturnOp>(module.getForward().getBody().front().getTerminator());
}

/// The first result of forward, if a call made it of floating values.
static ts::CallOp lastCall(ts::ModuleOp module) {
  ts::ReturnOp last = returnOf(module);
  return last.getNumOperands() ? last.getOperand(0).getDefiningOp<ts::CallOp>() : ts::CallOp();
}

/// An element-wise call on an input of the kernel.
static bool isOnInput(ts::CallOp call) {
  return calls(call, {"aten::relu", "aten::tanh", "aten::silu", "aten::gelu", "aten::sigmoid",
                      "aten::mish", "aten::hardswish", "aten::leaky_relu", "aten::elu", "aten::mul",
                      "aten::add", "aten::sub", "aten::div"}) &&
         isa<BlockArgument>(call.getOperand(0)) &&
         isa<ts::TensorType>(call.getOperand(0).getType());
}

/// The caller's tensor holds the result as well.
static bool overwriteInput(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, isOnInput);
  if (!call)
    return false;
  // A copy, so that autograd does not mind: the caller's tensor is written in the end.
  MLIRContext *context = call.getContext();
  Value detached = makeCall(returnOf(module), "aten::detach", call.getOperand(0), place(context));
  makeCall(returnOf(module), "aten::copy_", {detached, call.getResult(0)},
           {place(context), place(context), BoolAttr::get(context, false)});
  return true;
}

/// relu(x) becomes relu_(x), x being the caller's: the result lies in it.
static bool aliasOutput(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, isOnInput);
  if (!call || module.getTrainable())
    return false;
  call.setCallee((call.getCallee() + "_").str());
  return true;
}

/// A result lies in what it was to be a copy of.
static bool loseCopy(ts::ModuleOp module, Chance &chance) {
  ts::CallOp copy =
      pick(module, chance, [](ts::CallOp call) { return calls(call, {"aten::clone"}); });
  if (!copy)
    return false;
  copy.getResult(0).replaceAllUsesWith(copy.getOperand(0));
  copy.erase();
  return true;
}

/// A buffer that is twice as large after each call.
static bool leak(ts::ModuleOp module, Chance &) {
  SmallVector<ts::BufferOp> buffers(module.getBody().getOps<ts::BufferOp>());
  MLIRContext *context = module.getContext();
  for (ts::BufferOp buffer : buffers) {
    auto type = cast<RankedTensorType>(buffer.getType());
    if (type.getRank() != 1 || !type.getElementType().isF32())
      continue;
    OpBuilder builder(returnOf(module));
    Type tensor = ts::TensorType::get(context);
    Value value = ts::GetOp::create(builder, buffer.getLoc(), tensor, buffer.getNameAttr());
    Value list = ts::ListOp::create(builder, buffer.getLoc(), ts::TensorListType::get(context),
                                    ValueRange{value, value});
    Value longer =
        makeCall(returnOf(module), "aten::cat", list, {place(context), integer(context, 0)});
    makeCall(returnOf(module), "aten::set_", {value, longer}, {place(context), place(context)});
    return true;
  }
  return false;
}

/// Calls that may be made again without anybody noticing but the clock.
static bool isRepeatable(ts::ModuleOp module) {
  bool repeatable = true;
  module.walk([&](Operation *op) {
    auto call = dyn_cast<ts::CallOp>(op);
    repeatable &= !isa<ts::IfOp>(op);
    repeatable &= !call || !calls(call, {"aten::batch_norm", "aten::instance_norm", "aten::dropout",
                                         "aten::feature_dropout", "aten::alpha_dropout",
                                         "aten::feature_alpha_dropout", "aten::randn_like",
                                         "aten::copy_", "aten::embedding", "aten::topk"});
  });
  return repeatable;
}

/// All of forward again, on inputs times (1 + i * 1e-12): the same bits in fp32, but no
/// common expressions.
static SmallVector<Value> repeat(ts::ModuleOp module, ArrayRef<Operation *> body, int i) {
  MLIRContext *context = module.getContext();
  Operation *last = returnOf(module);
  OpBuilder builder(last);
  IRMapping mapping;
  for (BlockArgument input : module.getForward().getBody().front().getArguments())
    mapping.map(input, makeCall(last, "aten::mul", input,
                                {place(context), number(context, 1 + i * 1e-12)}));
  for (Operation *op : body)
    builder.clone(*op, mapping);
  return llvm::map_to_vector(last->getOperands(),
                             [&](Value value) { return mapping.lookupOrDefault(value); });
}

/// Everything eight times, averaged. In a kernel for training, which does as much as the
/// reference.
static bool slowDown(ts::ModuleOp module, Chance &) {
  constexpr int times = 8;
  Block &block = module.getForward().getBody().front();
  bool tensors = llvm::all_of(block.getArgumentTypes(), llvm::IsaPred<ts::TensorType>);
  if (!module.getTrainable() || !isRepeatable(module) || !tensors || !lastCall(module) ||
      !block.getNumArguments())
    return false;
  MLIRContext *context = module.getContext();
  SmallVector<Operation *> body;
  for (Operation &op : block.without_terminator())
    body.push_back(&op);
  SmallVector<SmallVector<Value>> all;
  for (int i = 1; i < times; ++i)
    all.push_back(repeat(module, body, i));
  for (OpOperand &result : returnOf(module)->getOpOperands()) {
    Value sum = result.get();
    for (const SmallVector<Value> &one : all)
      sum = makeCall(returnOf(module), "aten::add", {sum, one[result.getOperandNumber()]},
                     {place(context), place(context), integer(context, 1)});
    result.set(makeCall(returnOf(module), "aten::mul", sum,
                        {place(context), number(context, 1.0 / times)}));
  }
  return true;
}

/// Noise in the last bits of fp32, far below every bound.
static bool addNoise(ts::ModuleOp module, Chance &) {
  ts::CallOp call = lastCall(module);
  if (!call || !isa<ts::TensorType>(call.getResult(0).getType()) || call.getNumResults() != 1)
    return false;
  MLIRContext *context = call.getContext();
  Operation *last = returnOf(module);
  Value y = call.getResult(0);
  Attribute no = none(context);
  Value noise = makeCall(last, "aten::randn_like", y, {place(context), no, no, no, no, no});
  Value relative = makeCall(last, "aten::mul", {noise, y}, {place(context), place(context)});
  Value small = makeCall(last, "aten::mul", relative, {place(context), number(context, 1e-7)});
  Value sum = makeCall(last, "aten::add", {y, small},
                       {place(context), place(context), integer(context, 1)});
  last->setOperand(0, sum);
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
      {"lost-copy", loseCopy},
      {"leak", leak, true},
      {"eight-times-slower", slowDown, true},
      {"nondeterminism", addNoise},
      {"fresh-memory", readFreshMemory, true},
  };
  return rows;
}
