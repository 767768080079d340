//===- ChooseLayout.cpp - One order of memory for all convolutions --------===//

#include "../Support/ConstantState.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_CHOOSELAYOUT
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-choose-layout
//===----------------------------------------------------------------------===//

namespace {
/// Decides once for a kernel. A convolution on row-major images rearranges
/// them, and its result back, on every call; on channels-last images it does
/// not. So the gain of a convolution is what it reads and writes, in channels a
/// pixel, and the cost of the layout is the same of each conversion:
///
///   gain(conv) = inputs + outputs     cost(conversion) = channels
///
/// Conversions stand where images enter the kernel, or are made from what are
/// none, and where something made of them leaves: hosts expect row-major results,
/// and torch's group norm is exact on row-major images alone (isInexactOn).
/// 8-bit convolutions know no other layout, so one of them decides.
class LayoutPlan {
public:
  explicit LayoutPlan(KernelOp kernel);

  bool pays() const { return gain > cost || hasQuantized; }
  void sayWhyNot() const;
  /// How many conversions were made.
  unsigned apply();

private:
  static bool carries(Operation *op);
  void follow(Operation *op);
  void leave(OpOperand &operand);

  KernelOp kernel;
  SmallVector<OpOperand *> entries; ///< where row-major images are read
  SmallVector<OpOperand *> exits;   ///< read row-major, and may be channels-last
  SmallVector<ConvOp> convolutions;
  llvm::DenseSet<Value> images; ///< channels-last from their making
  llvm::DenseSet<Value> marked; ///< those, and what is made of them

public:
  double gain = 0, cost = 0;
  bool hasQuantized = false;
};
} // namespace

void LayoutPlan::sayWhyNot() const {
  if (convolutions.empty())
    return;
  auto options = remark::RemarkOpts::name("esper-choose-layout").category("choose-layout");
  remark::missed(kernel->getLoc(), options)
      << remark::add("the gain of {0} channels is not above the cost of {1}", gain, cost);
}

static bool isImage(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && (type.getRank() == 4 || type.getRank() == 5);
}

static double channelsOf(Value image) {
  int64_t channels = shapeOf(image)[1];
  return isDynamic(channels) ? 1 : double(channels);
}

/// torch keeps the order of memory through these.
bool LayoutPlan::carries(Operation *op) {
  return isa<ConvOp, QuantizedConvOp, BatchNormOp, ActivationOp, ScaleOp, AddOp, SubtractOp,
             MultiplyOp, DivideOp, MaxPoolOp, AvgPoolOp, AdaptiveAvgPoolOp, AdaptiveMaxPoolOp,
             UpsampleOp, ConcatOp>(op);
}

void LayoutPlan::follow(Operation *op) {
  if (!isa<ConvOp, QuantizedConvOp>(op))
    return;
  gain += channelsOf(op->getOperand(0)) + channelsOf(op->getResult(0));
  hasQuantized |= isa<QuantizedConvOp>(op);
  if (auto conv = dyn_cast<ConvOp>(op))
    convolutions.push_back(conv);
}

/// The variance of channels-last images is E[x^2] - E[x]^2 there (torch 2.15, CPU): where the mean
/// is fifty times the deviation, its errors are two hundred times those of row-major ones.
static bool isInexactOn(Operation *op, Value operand) {
  return isa<GroupNormOp>(op) && operand == op->getOperand(0) && isImage(operand);
}

void LayoutPlan::leave(OpOperand &operand) {
  if (images.contains(operand.get()))
    cost += channelsOf(operand.get());
  exits.push_back(&operand);
}

LayoutPlan::LayoutPlan(KernelOp kernel) : kernel(kernel) {
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    bool starts = isa<ConvOp, QuantizedConvOp>(op) && isImage(op.getOperand(0)) &&
                  isConstantState(op.getOperand(1));
    for (OpOperand &operand : op.getOpOperands())
      if (marked.contains(operand.get()) && isInexactOn(&op, operand.get()))
        leave(operand);
    if (llvm::any_of(op.getOperands(), [&](Value v) { return marked.contains(v); }))
      marked.insert(op.result_begin(), op.result_end());
    bool continues = carries(&op) && isImage(op.getResult(0)) &&
                     llvm::any_of(op.getOperands(), [&](Value v) { return images.contains(v); });
    if (!starts && !continues)
      continue;
    for (OpOperand &operand : op.getOpOperands())
      if (isImage(operand.get()) && !images.contains(operand.get()) &&
          !isConstantState(operand.get())) {
        entries.push_back(&operand);
        cost += channelsOf(operand.get());
      }
    follow(&op);
    images.insert(op.getResult(0));
    marked.insert(op.getResult(0));
  }
  for (OpOperand &operand : kernel.getReturn()->getOpOperands())
    if (marked.contains(operand.get()) && shapeOf(operand.get()).size() > 1)
      leave(operand);
}

/// Is the state the weight of convolutions and nothing else.
static bool feedsConvolutionsOnly(Operation *state) {
  return llvm::all_of(state->getUses(), [](OpOperand &use) {
    return isa<ConvOp>(use.getOwner()) && use.getOperandNumber() == 1;
  });
}

/// Of the location of what it copies, so that a fault is not blamed on what reads it.
static void convert(OpOperand &operand, MemoryFormat format) {
  OpBuilder builder(operand.getOwner());
  operand.set(ContiguousOp::create(builder, operand.get().getLoc(), format, operand.get()));
}

unsigned LayoutPlan::apply() {
  llvm::DenseMap<Value, Value> converted;
  for (OpOperand *entry : entries) {
    Value from = entry->get();
    if (Value known = converted.lookup(from)) {
      entry->set(known);
      continue;
    }
    convert(*entry, MemoryFormat::ChannelsLast);
    converted[from] = entry->get();
  }
  for (OpOperand *exit : exits)
    convert(*exit, MemoryFormat::Contiguous);
  auto format = MemoryFormatAttr::get(kernel.getContext(), MemoryFormat::ChannelsLast);
  for (ConvOp conv : convolutions) {
    Operation *state = conv.getWeight().getDefiningOp();
    if (!feedsConvolutionsOnly(state))
      continue;
    if (auto param = dyn_cast<ParamOp>(state))
      param.setMemoryAttr(format);
    if (auto buffer = dyn_cast<BufferOp>(state))
      buffer.setMemoryAttr(format);
  }
  return converted.size() + exits.size();
}

namespace {
struct ChooseLayout : tez::impl::ChooseLayoutBase<ChooseLayout> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr("esper.infer")) // its backward is not to be trusted
      return markAllAnalysesPreserved();
    LayoutPlan plan(getOperation());
    if (!plan.pays()) {
      plan.sayWhyNot();
      return markAllAnalysesPreserved();
    }
    rewritten(getOperation().getLoc(), getArgument()) << remark::add(
        "images are channels-last: gain {0}, cost {1} channels", plan.gain, plan.cost);
    numConversions += plan.apply();
    ++numChosen;
  }
};
} // namespace
