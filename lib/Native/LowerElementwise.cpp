//===- LowerElementwise.cpp - Element-wise ops as loops of vectors --------===//

#include "Elementwise.h"
#include "Vectors.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERELEMENTWISE
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

static void lowerColumns(linalg::GenericOp op, Value row, Value column, int64_t lanes,
                         ImplicitLocOpBuilder &builder) {
  SmallVector<Value> arguments;
  for (auto [memory, map] : llvm::zip(op.getInputs(), op.getIndexingMapsArray())) {
    if (map.getNumResults() == 2 && !map.isIdentity()) { // one number a row
      Value number =
          memref::LoadOp::create(builder, memory, ValueRange{row, native::index(0, builder)});
      arguments.push_back(native::broadcast(number, lanes, builder));
      continue;
    }
    SmallVector<Value> indices{column};
    if (cast<MemRefType>(memory.getType()).getRank() == 2)
      indices.insert(indices.begin(), row);
    arguments.push_back(native::loadVector(memory, indices, lanes, lanes, builder));
  }
  arguments.push_back({}); // the old value
  Value made = native::vectorize(op.getRegion().front(), arguments, lanes, builder);
  native::storeVector(made, op.getOutputs()[0], {row, column}, lanes, builder);
}

static void lower(linalg::GenericOp op, int64_t lanes) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  Value out = op.getOutputs()[0];
  int64_t columns = cast<MemRefType>(out.getType()).getDimSize(1), full = columns / lanes * lanes;
  auto index = [&](int64_t number) { return native::index(number, builder); };
  Value rows = memref::DimOp::create(builder, out, 0);
  auto outer = scf::ForOp::create(builder, index(0), rows, index(1));
  builder.setInsertionPointToStart(outer.getBody());
  Value row = outer.getInductionVar();
  if (columns % lanes)
    lowerColumns(op, row, index(full), columns % lanes, builder);
  if (full) {
    auto inner = scf::ForOp::create(builder, index(0), index(full), index(lanes));
    builder.setInsertionPointToStart(inner.getBody());
    lowerColumns(op, row, inner.getInductionVar(), lanes, builder);
  }
  op.erase();
}

namespace {
struct LowerElementwisePass : tez::impl::LowerElementwiseBase<LowerElementwisePass> {
  using LowerElementwiseBase::LowerElementwiseBase;

  void runOnOperation() override {
    getOperation().walk([&](linalg::GenericOp op) {
      if (op.hasPureBufferSemantics() && native::isElementwise(op)) {
        ++numOps;
        return lower(op, lanes);
      }
      op.emitOpError("expected an element-wise op on memory");
      signalPassFailure();
    });
  }
};
} // namespace
