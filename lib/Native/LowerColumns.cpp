//===- LowerColumns.cpp - Columns beside each other, as copies of vectors -===//

#include "LoopBuilder.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERCOLUMNS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ColumnsOp;

namespace {
class ColumnsLowering : private native::LoopBuilder {
public:
  ColumnsLowering(ColumnsOp op, int64_t lanes)
      : LoopBuilder(op), op(op), lanes(lanes), together(llvm::sum_of(op.getCounts())) {}

  void run();

private:
  void copyGroup(Value row, Value group);
  void copyPart(Value row, Value from, Value to, size_t part);

  ColumnsOp op;
  int64_t lanes, together; ///< numbers of a group of the result
};
} // namespace

void ColumnsLowering::copyPart(Value row, Value from, Value to, size_t part) {
  forVectors(op.getCounts()[part], lanes, [&](Value at, int64_t used) {
    Value vector =
        native::loadVector(op.getInputs()[part], {row, sum(from, at)}, used, used, builder);
    native::storeVector(vector, op.getOut(), {row, sum(to, at)}, used, builder);
  });
}

void ColumnsLowering::copyGroup(Value row, Value group) {
  int64_t before = 0;
  for (auto [part, input] : llvm::enumerate(op.getInputs())) {
    int64_t columns = cast<MemRefType>(input.getType()).getDimSize(1);
    Value from = sum(times(group, columns / int64_t(op.getGroups())), op.getBegins()[part]);
    copyPart(row, from, sum(times(group, together), before), part);
    before += op.getCounts()[part];
  }
}

void ColumnsLowering::run() {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  forLoop(index(0), rows, 1, [&](Value row) {
    upTo(int64_t(op.getGroups()), 1, [&](Value group) { copyGroup(row, group); });
  });
  op.erase();
}

namespace {
struct LowerColumnsPass : tez::impl::LowerColumnsBase<LowerColumnsPass> {
  using LowerColumnsBase::LowerColumnsBase;

  void runOnOperation() override {
    getOperation().walk([&](ColumnsOp op) {
      if (!isa<MemRefType>(op.getOut().getType()) || lanes < 1) {
        op.emitOpError("expected operands in memory, and vectors of at least one number");
        return signalPassFailure();
      }
      ColumnsLowering(op, lanes).run();
      ++numOps;
    });
  }
};
} // namespace
