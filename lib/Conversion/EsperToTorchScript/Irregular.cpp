//===- Irregular.cpp - Ops that are not one ATen call ---------------------===//

#include "Emitter.h"
#include "llvm/ADT/StringMap.h"
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// None -> the default, else the tensor inside.
static LogicalResult emitValueOr(Operation *op, Emitter &emitter) {
  auto valueOr = cast<ValueOrOp>(op);
  Value input = emitter.valueOf(valueOr.getInput());
  Value isNone = emitter.builder.create<ts::IsNoneOp>(
      emitter.location, ts::BoolType::get(op->getContext()), input);
  Value result = emitter.branch(
      isNone, [&] { return emitter.valueOf(valueOr.getFallback()); },
      [&]() -> Value {
        return emitter.builder.create<ts::UnwrapOp>(
            emitter.location, ts::TensorType::get(op->getContext()), input);
      });
  emitter.bind(valueOr.getOutput(), result);
  return success();
}

/// scores + (-inf above the diagonal), without naming a size, dtype or device.
static LogicalResult emitCausalMask(Operation *op, Emitter &emitter) {
  Value scores = emitter.valueOf(op->getOperand(0));
  Value ones = emitter.call("aten::ones_like", {scores});
  Value lower = emitter.call("aten::tril", {ones, 0});
  Value above = emitter.call("aten::eq", {lower, 0});
  emitter.bind(op->getResult(0),
               emitter.call("aten::masked_fill",
                            {scores, above, -std::numeric_limits<double>::infinity()}));
  return success();
}

static LogicalResult emitNoise(Operation *op, Emitter &emitter) {
  auto noise = cast<NoiseOp>(op);
  Value input = emitter.valueOf(noise.getInput());
  auto noisy = [&] {
    Value draw = emitter.call("aten::randn_like", {input});
    Value scaled = emitter.call("aten::mul", {draw, noise.getStd()});
    return emitter.call("aten::add", {input, scaled, 1});
  };
  auto flag = noise.getTraining().getDefiningOp<FlagOp>();
  Value result = input;
  if (!noise.getTrainingOnly() || (flag && flag.getValue()))
    result = noisy();
  else if (!flag)
    result = emitter.branch(emitter.valueOf(noise.getTraining()), noisy, [&] { return input; });
  emitter.bind(noise.getOutput(), result);
  return success();
}

/// The counter itself stands for its next value: the update happens in place
/// where the kernel returns.
static LogicalResult emitIncrement(Operation *op, Emitter &emitter) {
  emitter.bind(op->getResult(0), emitter.valueOf(op->getOperand(0)));
  return success();
}

IrregularEmitter tez::findIrregular(Operation *op) {
  static const llvm::StringMap<IrregularEmitter> table = {
      {ValueOrOp::getOperationName(), emitValueOr},
      {"esper.causal_mask", emitCausalMask},
      {"esper.noise", emitNoise},
      {IncrementOp::getOperationName(), emitIncrement},
  };
  return table.lookup(op->getName().getStringRef());
}
