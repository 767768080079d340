//===- QuantizeWeights.cpp - Products in 8 bits ---------------------------===//

#include "../Support/ConstantState.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Quantization.h"
#include "tez/Transforms/Rewrite.h"
#include <cmath>

namespace tez {
#define GEN_PASS_DEF_QUANTIZEWEIGHTS
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static constexpr StringRef kInput = "esper.input_range", kOutput = "esper.output_range",
                           kFloat = "esper.keep_float";

//===----------------------------------------------------------------------===//
// What may be quantized, and how (tez/Transforms/Quantization.h)
//===----------------------------------------------------------------------===//

ActivationOp tez::fusedRelu(Operation *op) {
  if (!op->hasOneUse())
    return nullptr;
  auto relu = dyn_cast<ActivationOp>(*op->user_begin());
  return relu && relu.getKind() == "relu" ? relu : nullptr;
}

/// torch's 8-bit convolution takes images and keeps the bias with the weight.
static bool isImageConvolution(ConvOp conv) {
  return shapeOf(conv.getInput()).size() == 4 && isConstantState(conv.getBias());
}

bool tez::canQuantize(Operation *op, int64_t leastElements) {
  auto linear = dyn_cast<LinearOp>(op);
  auto conv = dyn_cast<ConvOp>(op);
  if (!linear && !(conv && isImageConvolution(conv)))
    return false;
  if (linear && !isConstantState(linear.getBias()))
    return false;
  if (conv)
    leastElements /= 8;
  Value weight = op->getOperand(1);
  return isConstantState(weight) && elementOf(weight).isF32() &&
         elementOf(op->getOperand(0)).isF32() &&
         cast<RankedTensorType>(weight.getType()).getNumElements() >= leastElements;
}

bool tez::isUsableRange(std::pair<double, double> range) {
  double step = (std::max(range.second, 0.0) - std::min(range.first, 0.0)) / 127;
  return step >= 6.1e-5 && step <= 1e6;
}

void tez::setRanges(Operation *op, std::pair<double, double> input,
                    std::pair<double, double> output) {
  Builder builder(op->getContext());
  op->setAttr(kInput, builder.getDenseF64ArrayAttr({input.first, input.second}));
  op->setAttr(kOutput, builder.getDenseF64ArrayAttr({output.first, output.second}));
}

void tez::keepFloat(Operation *op) { op->setAttr(kFloat, UnitAttr::get(op->getContext())); }

//===----------------------------------------------------------------------===//
// esper-quantize-weights
//===----------------------------------------------------------------------===//

namespace {
/// 128 steps over a range that is stretched to hold 0: more would overflow the
/// 16-bit sums of processors without a dot-product instruction.
struct Grid {
  double scale;
  int64_t zero;

  static std::optional<Grid> of(Operation *op, StringRef name) {
    auto range = op->getAttrOfType<DenseF64ArrayAttr>(name);
    if (!range || range.size() != 2 || !isUsableRange({range[0], range[1]}))
      return std::nullopt;
    double low = std::min(range[0], 0.0), high = std::max(range[1], 0.0);
    double scale = double(float((high - low) / 127));
    return Grid{scale, int64_t(std::nearbyint(-low / scale))};
  }
};

/// The two patterns have in common when they may not apply.
template <typename Op> struct QuantizePattern : OpRewritePattern<Op> {
  QuantizePattern(MLIRContext *context, StringRef name, int64_t leastElements,
                  Pass::Statistic &quantized)
      : OpRewritePattern<Op>(context), leastElements(leastElements), quantized(quantized) {
    this->setDebugName(name);
  }

protected:
  LogicalResult mayQuantize(Op op, PatternRewriter &rewriter) const {
    if (op->hasAttr(kFloat))
      return rewriter.notifyMatchFailure(op, "it is kept in float: the error would be too large");
    if (!canQuantize(op, leastElements))
      return rewriter.notifyMatchFailure(op, "its weight is small, not constant or not fp32");
    return success();
  }

  /// Replaces the op, or the relu behind it.
  void finish(Op op, ActivationOp relu, Value result, PatternRewriter &rewriter) const {
    rewritten(op.getLoc(), "esper-quantize-weights") << remark::add("multiplied in 8 bits");
    if (relu)
      rewriter.replaceOp(relu, result);
    else
      rewriter.replaceAllUsesWith(op, result);
    rewriter.eraseOp(op);
    ++quantized;
  }

  int64_t leastElements;
  Pass::Statistic &quantized;
};

///   %y = esper.linear %x, %w, %b
///     =>   %q, %s = esper.quantize_weight %w
///          %y = esper.quantized_linear %x, %q, %s, %b
/// Legal where the weight is constant. Inexact: the weight is rounded to 8 bits,
/// and so is every input.
struct QuantizeLinear : QuantizePattern<LinearOp> {
  using QuantizePattern::QuantizePattern;

  LogicalResult matchAndRewrite(LinearOp op, PatternRewriter &rewriter) const override {
    if (failed(mayQuantize(op, rewriter)))
      return failure();
    ActivationOp relu = fusedRelu(op);
    auto weight = QuantizeWeightOp::create(rewriter, op.getLoc(), op.getWeight());
    std::optional<Grid> grid = Grid::of(op, kInput);
    Value result = QuantizedLinearOp::create(
        rewriter, op.getLoc(), op.getInput(), weight.getValues(), weight.getScales(), op.getBias(),
        grid ? rewriter.getF64FloatAttr(grid->scale) : FloatAttr(),
        grid ? rewriter.getI64IntegerAttr(grid->zero) : IntegerAttr(), bool(relu));
    finish(op, relu, result, rewriter);
    return success();
  }
};

/// The same of a convolution, which needs the ranges of its input and result.
struct QuantizeConv : QuantizePattern<ConvOp> {
  using QuantizePattern::QuantizePattern;

  LogicalResult matchAndRewrite(ConvOp op, PatternRewriter &rewriter) const override {
    if (failed(mayQuantize(op, rewriter)))
      return failure();
    std::optional<Grid> input = Grid::of(op, kInput), output = Grid::of(op, kOutput);
    if (!input || !output)
      return rewriter.notifyMatchFailure(op, "convolutions need ranges: calibrate");
    ActivationOp relu = fusedRelu(op);
    auto weight = QuantizeWeightOp::create(rewriter, op.getLoc(), op.getWeight());
    Value result = QuantizedConvOp::create(
        rewriter, op.getLoc(), op.getInput(), weight.getValues(), weight.getScales(), op.getBias(),
        op.getStride(), op.getPadding(), op.getDilation(), op.getGroups(), APFloat(input->scale),
        input->zero, APFloat(output->scale), output->zero, bool(relu));
    finish(op, relu, result, rewriter);
    return success();
  }
};

struct QuantizeWeights : tez::impl::QuantizeWeightsBase<QuantizeWeights> {
  using QuantizeWeightsBase::QuantizeWeightsBase;

  void runOnOperation() override {
    if (!getOperation()->hasAttr("esper.infer"))
      return markAllAnalysesPreserved();
    RewritePatternSet patterns(&getContext());
    patterns.add<QuantizeLinear>(&getContext(), "QuantizeLinear", leastElements, numQuantized);
    patterns.add<QuantizeConv>(&getContext(), "QuantizeConv", leastElements, numQuantized);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
