//===- DecomposeComposites.cpp - Composites into primitives ---------------===//

#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_DECOMPOSECOMPOSITES
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-decompose-composites
//===----------------------------------------------------------------------===//

namespace {
struct DecomposeComposites : tez::impl::DecomposeCompositesBase<DecomposeComposites> {
  using DecomposeCompositesBase::DecomposeCompositesBase;

  void runOnOperation() override {
    bool changed = false;
    Block::iterator at = getOperation().getBody().front().begin();
    while (at != getOperation().getBody().front().end()) {
      auto composite = dyn_cast<CompositeOpInterface>(*at);
      if (!composite || (keepCalls && isa<AtenOpInterface>(*at))) {
        ++at;
        continue;
      }
      at = expand(composite);
      changed = true;
    }
    if (!changed)
      markAllAnalysesPreserved();
  }

private:
  /// The first op of the expansion, or what follows an empty one: an expansion
  /// is searched for composites too.
  Block::iterator expand(CompositeOpInterface composite) {
    Operation *op = composite;
    Block::iterator before = op->getIterator();
    bool first = before == op->getBlock()->begin();
    if (!first)
      --before;
    Block *block = op->getBlock();
    OpBuilder builder(op);
    rewritten(op->getLoc(), getArgument())
        << remark::add("replaced {0} by its primitives", op->getName().getStringRef());
    op->replaceAllUsesWith(composite.decompose(builder));
    op->erase();
    ++numComposites;
    return first ? block->begin() : std::next(before);
  }
};
} // namespace
