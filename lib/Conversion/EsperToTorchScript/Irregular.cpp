//===- Irregular.cpp - Ops that are not one ATen call ---------------------===//

#include "Emitter.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// None -> the default, else the tensor inside.
static LogicalResult emitValueOr(Operation *op, Emitter &emitter) {
  auto valueOr = cast<ValueOrOp>(op);
  Value input = emitter.valueOf(valueOr.getInput());
  Value isNone = emitter.builder.create<ts::IsNoneOp>(emitter.location,
                                                      ts::BoolType::get(op->getContext()), input);
  Value result = emitter.branch(
      isNone, [&] { return emitter.valueOf(valueOr.getFallback()); },
      [&]() -> Value {
        return emitter.builder.create<ts::UnwrapOp>(emitter.location,
                                                    ts::TensorType::get(op->getContext()), input);
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
  emitter.bind(
      op->getResult(0),
      emitter.call("aten::masked_fill", {scores, above, -std::numeric_limits<double>::infinity()}));
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
  emitter.bind(noise.getOutput(),
               noise.getTrainingOnly()
                   ? emitter.choose(noise.getTraining(), noisy, [&] { return input; })
                   : noisy());
  return success();
}

/// The mode, or whether an input was given, chooses what the branch yields.
static LogicalResult emitSelect(Operation *op, Emitter &emitter) {
  auto select = cast<SelectOp>(op);
  auto left = [&] { return emitter.valueOf(select.getLeft()); };
  auto right = [&] { return emitter.valueOf(select.getRight()); };
  Value flag = select.getFlag();
  emitter.bind(select.getOutput(), flag.getDefiningOp<IsGivenOp>()
                                       ? emitter.branch(emitter.valueOf(flag), right, left)
                                       : emitter.choose(flag, left, right));
  return success();
}

/// Bound to its opposite, the one question that TorchScript has.
static LogicalResult emitIsGiven(Operation *op, Emitter &emitter) {
  Value input = emitter.valueOf(op->getOperand(0));
  emitter.bind(op->getResult(0), emitter.builder.create<ts::IsNoneOp>(
                                     emitter.location, ts::BoolType::get(op->getContext()), input));
  return success();
}

/// torch takes images of one channel for both orders, and decides by strides that a copy alone
/// makes anew.
static bool isOfBothOrders(RankedTensorType type) {
  return type.getRank() > 3 && type.getDimSize(1) == 1;
}

Value tez::rowMajor(Value value, Emitter &emitter) {
  bool open = isOfBothOrders(cast<RankedTensorType>(value.getType()));
  return emitter.call(open ? "aten::clone" : "aten::contiguous", {value, 0});
}

/// Images may come without their batch dimension, of which torch's order knows
/// nothing: those stay as they are.
static LogicalResult emitContiguous(Operation *op, Emitter &emitter) {
  auto contiguous = cast<ContiguousOp>(op);
  Value input = emitter.valueOf(contiguous.getInput());
  int64_t format = contiguous.getTorchMemoryFormat();
  if (contiguous.getFormat() == MemoryFormat::Contiguous) {
    emitter.bind(contiguous.getOutput(), rowMajor(contiguous.getInput(), emitter));
    return success();
  }
  Value rank = emitter.call("aten::dim", {input});
  Value whole = emitter.call("aten::gt", {rank, contiguous.getType().getRank() - 1});
  auto convert = [&] { return emitter.call("aten::contiguous", {input, format}); };
  emitter.bind(contiguous.getOutput(), emitter.branch(whole, convert, [&] { return input; }));
  return success();
}

/// The update happens in place, where the kernel returns; who else reads the next value has one
/// of his own.
static LogicalResult emitIncrement(Operation *op, Emitter &emitter) {
  auto increment = cast<IncrementOp>(op);
  auto same = [&] { return emitter.valueOf(increment.getInput()); };
  auto next = [&] { return emitter.call("aten::add", {increment.getInput(), 1, 1}); };
  bool inPlace = isOnlyUpdate(increment, increment.getInput(), emitter);
  emitter.bind(increment, inPlace ? same() : emitter.choose(increment.getTraining(), next, same));
  return success();
}

/// The sizes of an adaptive pool: those that are kept are the input's, at run
/// time where the type does not tell. Counted from the right: torch takes the
/// input without a batch, too.
template <typename Op> static LogicalResult emitAdaptivePool(Operation *op, Emitter &emitter) {
  auto pool = cast<Op>(op);
  ArrayRef<int64_t> sizes = cast<RankedTensorType>(pool.getType()).getShape().drop_front(2);
  Value input = emitter.valueOf(pool.getInput());
  AtenArg argument = sizes;
  if (llvm::is_contained(sizes, ShapedType::kDynamic)) {
    SmallVector<Value> elements;
    for (auto [i, size] : llvm::enumerate(sizes)) {
      bool known = !ShapedType::isDynamic(size);
      elements.push_back(
          known ? emitter.number(size)
                : emitter.call("aten::size", {input, int64_t(i) - int64_t(sizes.size())}));
    }
    argument = emitter.numbers(elements);
  }
  bool mean = isa<AdaptiveAvgPoolOp>(op);
  AtenCall call;
  call.set(mean ? "aten::adaptive_avg_pool#d" : "aten::adaptive_max_pool#d", {input, argument},
           sizes.size());
  emitter.bind(pool.getOutput(), emitter.call(call)[0]);
  return success();
}

static LogicalResult emitSliceLike(Operation *op, Emitter &emitter) {
  auto slice = cast<SliceLikeOp>(op);
  Value size = emitter.call("aten::size", {slice.getLike(), int64_t(slice.getLikeDim())});
  emitter.bind(
      slice.getOutput(),
      emitter.call("aten::slice.Tensor", {slice.getInput(), int64_t(slice.getDim()), 0, size, 1}));
  return success();
}

/// First element kept, counted from 0 along `dim`: positions as a tensor with
/// the dtype and device of `like`.
static Value countAlong(Emitter &emitter, Value like, int64_t dim) {
  Value ones = emitter.call("aten::ones_like", {like});
  return emitter.call("aten::sub", {emitter.call("aten::cumsum", {ones, dim}), ones, 1});
}

/// x * cos(a) + partner(x) * sin(a) with a = s * base^(-2i/D); all but x is
/// made of ones_like(x), so no size is named.
static LogicalResult emitRotary(Operation *op, Emitter &emitter) {
  auto rotary = cast<RotaryEmbeddingOp>(op);
  Value x = emitter.valueOf(rotary.getInput());
  int64_t head = rotary.getInput().getType().getShape().back() / int64_t(rotary.getNumHeads());
  Value feature = countAlong(emitter, x, -1);
  Value parity = emitter.call("aten::remainder", {feature, 2});
  Value inHead = emitter.call("aten::remainder", {feature, head});
  Value pair = emitter.call("aten::sub", {inHead, parity, 1});
  double rate = -std::log(rotary.getBase().convertToDouble()) / double(head);
  Value frequency = emitter.call("aten::exp", {emitter.call("aten::mul", {pair, rate})});
  Value angle = emitter.call("aten::mul", {countAlong(emitter, x, -2), frequency});
  Value sign = emitter.call("aten::sub", {emitter.call("aten::mul", {parity, 2}),
                                          emitter.call("aten::ones_like", {x}), 1});
  Value sine = emitter.call("aten::mul", {emitter.call("aten::sin", {angle}), sign});
  Value pairs = emitter.call("aten::unflatten", {x, -1, AtenArg::Ints{-1, 2}});
  Value partner = emitter.call("aten::flatten",
                               {emitter.call("aten::flip", {pairs, AtenArg::Ints{-1}}), -2, -1});
  Value kept = emitter.call("aten::mul", {x, emitter.call("aten::cos", {angle})});
  Value turned = emitter.call("aten::mul", {partner, sine});
  emitter.bind(rotary.getOutput(), emitter.call("aten::add", {kept, turned, 1}));
  return success();
}

/// The greatest alone is torch's max: of equal ones the first, where topk promises nothing.
static LogicalResult emitTopk(Operation *op, Emitter &emitter) {
  auto topk = cast<TopkOp>(op);
  AtenCall call;
  topk.getAtenCall(call);
  if (topk.getK() == 1)
    call.set("aten::max.dim", {topk.getInput(), int64_t(topk.getDim()), true});
  ValueRange results = emitter.call(call);
  emitter.bind(topk.getValues(), results[0]);
  emitter.bind(topk.getIndices(), results[1]);
  return success();
}

IrregularEmitter tez::findIrregular(Operation *op) {
  static const llvm::StringMap<IrregularEmitter> table = {
      {TopkOp::getOperationName(), emitTopk},
      {ValueOrOp::getOperationName(), emitValueOr},
      {SelectOp::getOperationName(), emitSelect},
      {IsGivenOp::getOperationName(), emitIsGiven},
      {CausalMaskOp::getOperationName(), emitCausalMask},
      {SliceLikeOp::getOperationName(), emitSliceLike},
      {NoiseOp::getOperationName(), emitNoise},
      {AdaptiveAvgPoolOp::getOperationName(), emitAdaptivePool<AdaptiveAvgPoolOp>},
      {AdaptiveMaxPoolOp::getOperationName(), emitAdaptivePool<AdaptiveMaxPoolOp>},
      {RotaryEmbeddingOp::getOperationName(), emitRotary},
      {BatchNormOp::getOperationName(), emitNorm},
      {InstanceNormOp::getOperationName(), emitNorm},
      {LstmOp::getOperationName(), emitRecurrent},
      {GruOp::getOperationName(), emitRecurrent},
      {RnnOp::getOperationName(), emitRecurrent},
      {LstmCellOp::getOperationName(), emitRecurrentCell},
      {GruCellOp::getOperationName(), emitRecurrentCell},
      {RnnCellOp::getOperationName(), emitRecurrentCell},
      {IncrementOp::getOperationName(), emitIncrement},
      {ContiguousOp::getOperationName(), emitContiguous},
      {QuantizedLinearOp::getOperationName(), emitQuantizedLinear},
      {QuantizedConvOp::getOperationName(), emitQuantizedConv},
  };
  return table.lookup(op->getName().getStringRef());
}
