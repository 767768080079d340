//===- FuseConvolution.cpp - What cuDNN computes with a convolution -------===//

#include "../Support/ConstantState.h"
#include "../Support/DimOrigin.h"
#include "tez/Dialect/Esper/Fused.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_FUSECONVOLUTION
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-fuse-convolution
//===----------------------------------------------------------------------===//

/// Images in the types that cuDNN adds and compares as fp32, volumes in fp32 only:
/// torch itself keeps 16-bit ones from some versions of cuDNN.
static bool isShapeForCudnn(size_t rank, Type element) {
  return rank == 4 ? element.isF32() || element.isF16() || element.isBF16()
                   : rank == 5 && element.isF32();
}

/// Whether cuDNN has a kernel is known only on the GPU, and a call without one fails.
/// So only what its fast kernels are made for: no groups, and channels that fill 16
/// bytes, of which a pixel of channels-last images consists.
static bool isForCudnn(ConvOp conv) {
  ArrayRef<int64_t> weight = shapeOf(conv.getWeight());
  Type element = elementOf(conv.getInput());
  if (!isConstantState(conv.getWeight()) || !isConstantState(conv.getBias()) ||
      !isShapeForCudnn(weight.size(), element))
    return false;
  int64_t channels = 128 / int64_t(element.getIntOrFloatBitWidth());
  return conv.getGroups() == 1 && weight[0] % channels == 0 && weight[1] % channels == 0;
}

/// The convolution that makes `value` and that cuDNN can go on from; null when
/// there is none, or something else reads it.
static ConvOp fusibleConvolution(Value value) {
  auto conv = value.getDefiningOp<ConvOp>();
  return conv && conv->hasOneUse() && isForCudnn(conv) ? conv : ConvOp();
}

/// Has `other` the shape of `value` in every call: the operator broadcasts nothing.
static bool hasShapeOf(Value other, Value value) {
  return other.getType() == value.getType() && DimOrigins().fitsInto(other, value);
}

/// Which operand of the sum is a convolution that can take the other along.
static std::optional<unsigned> convolutionIn(AddOp sum) {
  for (unsigned i : {0, 1})
    if (fusibleConvolution(sum->getOperand(i)) &&
        hasShapeOf(sum->getOperand(1 - i), sum->getOperand(i)))
      return i;
  return std::nullopt;
}

namespace {
///   %c = esper.conv ...
///   %s = esper.add %c, %z
///   %y = esper.activation "relu" %s {esper.fused = "cudnn_convolution_add_relu"}
/// and the same without the sum. Legal only while nobody else reads %c and %s, and
/// where %z has the shape of %c in every call.
struct MarkRelu : OpRewritePattern<ActivationOp> {
  MarkRelu(MLIRContext *context, Pass::Statistic &fused) : OpRewritePattern(context), fused(fused) {
    setDebugName("MarkRelu");
  }

  LogicalResult matchAndRewrite(ActivationOp op, PatternRewriter &rewriter) const override {
    if (op.getKind() != "relu")
      return rewriter.notifyMatchFailure(op, "relu is the only function that cuDNN takes along");
    if (op->hasAttr(kFused))
      return rewriter.notifyMatchFailure(op, "fused already");
    auto sum = op.getInput().getDefiningOp<AddOp>();
    if (!sum && !fusibleConvolution(op.getInput()))
      return rewriter.notifyMatchFailure(op, "its input is no convolution that it alone reads "
                                             "and that cuDNN surely computes with it");
    if (sum && !sum->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the sum is read elsewhere too");
    std::optional<unsigned> index = sum ? convolutionIn(sum) : std::nullopt;
    if (sum && !index)
      return rewriter.notifyMatchFailure(op, "the sum is not of a convolution that it alone reads "
                                             "and of a value that has its shape in every call");
    mark(op, sum, index == 1, rewriter);
    return success();
  }

private:
  void mark(ActivationOp op, AddOp sum, bool turned, PatternRewriter &rewriter) const {
    if (turned)
      rewriter.modifyOpInPlace(sum,
                               [&] { sum->setOperands({sum->getOperand(1), sum->getOperand(0)}); });
    FusedConvolution parts = {op, sum, nullptr};
    rewriter.modifyOpInPlace(
        op, [&] { op->setAttr(kFused, rewriter.getStringAttr(parts.getOperator())); });
    rewritten(op.getLoc(), "esper-fuse-convolution")
        << remark::add("one call with its convolution{0}", sum ? " and the sum" : "");
    ++fused;
  }

  Pass::Statistic &fused;
};

///   %p = esper.max_pool %c
///   %y = esper.activation "relu" %p     =>   %a = esper.activation "relu" %c
///                                            %y = esper.max_pool %a
/// where %c is a convolution: its relu costs nothing there. What
/// esper-pool-before-activation did is undone, under the same condition.
struct ReluFirst : OpRewritePattern<MaxPoolOp> {
  ReluFirst(MLIRContext *context) : OpRewritePattern(context) { setDebugName("ReluFirst"); }

  LogicalResult matchAndRewrite(MaxPoolOp op, PatternRewriter &rewriter) const override {
    auto relu = op->hasOneUse() ? dyn_cast<ActivationOp>(*op->user_begin()) : ActivationOp();
    if (!relu || relu.getKind() != "relu")
      return rewriter.notifyMatchFailure(op, "it is not read by a relu alone");
    if (!fusibleConvolution(op.getInput()))
      return rewriter.notifyMatchFailure(op, "its input is no convolution that it alone reads");
    if (llvm::any_of(op.getDilation(), [](int64_t step) { return step != 1; }))
      return rewriter.notifyMatchFailure(op, "a dilated window may hold nothing but padding");
    auto first = cast<ActivationOp>(rewriter.clone(*relu));
    first.getInputMutable().assign(op.getInput());
    first.getOutput().setType(op.getInput().getType());
    rewriter.replaceOp(relu, op.getOutput());
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(first.getOutput()); });
    return success();
  }
};

struct FuseConvolution : tez::impl::FuseConvolutionBase<FuseConvolution> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr("esper.infer"))
      return markAllAnalysesPreserved();
    RewritePatternSet patterns(&getContext());
    patterns.add<MarkRelu>(&getContext(), numFused);
    patterns.add<ReluFirst>(&getContext());
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
