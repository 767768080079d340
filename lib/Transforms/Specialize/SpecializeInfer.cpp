//===- SpecializeInfer.cpp - A kernel that never trains -------------------===//

#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_SPECIALIZEINFER
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-specialize-infer
//===----------------------------------------------------------------------===//

/// Folders and canonicalizations of every esper op.
static RewritePatternSet canonicalizations(MLIRContext *context) {
  RewritePatternSet patterns(context);
  for (RegisteredOperationName op : context->getRegisteredOperations())
    if (isa<EsperDialect>(op.getDialect()))
      op.getCanonicalizationPatterns(patterns, context);
  return patterns;
}

/// The update gives the buffer `name` the value it has.
static bool keepsBuffer(StringRef name, Value value) {
  auto buffer = value.getDefiningOp<BufferOp>();
  return buffer && buffer.getName() == name;
}

namespace {
struct SpecializeInfer : tez::impl::SpecializeInferBase<SpecializeInfer> {
  LogicalResult initialize(MLIRContext *context) override {
    patterns = canonicalizations(context);
    return success();
  }

  void runOnOperation() override {
    fixModes();
    dropClips();
    if (failed(applyRewrites(getOperation(), patterns, getArgument())))
      return signalPassFailure();
    dropUpdates();
    getOperation()->setAttr("esper.infer", UnitAttr::get(&getContext()));
  }

private:
  void fixModes() {
    for (TrainingOp mode :
         llvm::make_early_inc_range(getOperation().getBody().getOps<TrainingOp>())) {
      OpBuilder builder(mode);
      mode.replaceAllUsesWith(FlagOp::create(builder, mode.getLoc(), false).getFlag());
      rewritten(mode.getLoc(), getArgument())
          << remark::add("the mode of '{0}' is fixed to evaluation", mode.getModule());
      mode.erase();
      ++numModes;
    }
  }

  /// What changes gradients alone.
  void dropClips() {
    for (ClipGradientOp clip :
         llvm::make_early_inc_range(getOperation().getBody().getOps<ClipGradientOp>())) {
      rewritten(clip.getLoc(), getArgument()) << remark::add("a clip of gradients is dropped");
      clip.replaceAllUsesWith(clip.getInput());
      clip.erase();
      ++numClips;
    }
  }

  void dropUpdates() {
    ReturnOp end = getOperation().getReturn();
    SmallVector<Attribute> names;
    SmallVector<Value> values;
    for (auto [name, value] : llvm::zip(end.getUpdateNames(), end.getUpdates()))
      if (!keepsBuffer(cast<StringAttr>(name).getValue(), value)) {
        names.push_back(name);
        values.push_back(value);
      }
    numUpdates += end.getUpdates().size() - values.size();
    end.setUpdateNamesAttr(ArrayAttr::get(&getContext(), names));
    end.getUpdatesMutable().assign(values);
  }

  FrozenRewritePatternSet patterns;
};
} // namespace
