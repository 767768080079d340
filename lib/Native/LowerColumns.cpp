//===- LowerColumns.cpp - Columns beside each other, as copies of vectors -===//

#include "Sums.h"
#include "Vectors.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERCOLUMNS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ColumnsOp;

namespace {
class ColumnsLowering {
public:
  ColumnsLowering(ColumnsOp op, int64_t lanes)
      : op(op), builder(op.getLoc(), op), lanes(lanes), together(llvm::sum_of(op.getCounts())) {}

  void run();

private:
  void copyGroup(Value row, Value group);
  void copyPart(Value row, Value from, Value to, size_t part);

  Value index(int64_t number) { return native::index(number, builder); }
  Value sum(Value a, Value b) { return arith::AddIOp::create(builder, a, b); }
  Value times(Value a, int64_t b) { return arith::MulIOp::create(builder, a, index(b)); }
  void upTo(Value end, int64_t step, llvm::function_ref<void(Value)> body) {
    native::forLoop(index(0), end, step, body, builder);
  }

  ColumnsOp op;
  ImplicitLocOpBuilder builder;
  int64_t lanes, together; ///< numbers of a group of the result
};
} // namespace

void ColumnsLowering::copyPart(Value row, Value from, Value to, size_t part) {
  int64_t count = op.getCounts()[part], whole = count / lanes * lanes;
  auto move = [&](Value at, int64_t used) {
    Value vector =
        native::loadVector(op.getInputs()[part], {row, sum(from, at)}, used, used, builder);
    native::storeVector(vector, op.getOut(), {row, sum(to, at)}, used, builder);
  };
  if (whole)
    upTo(index(whole), lanes, [&](Value at) { move(at, lanes); });
  if (count % lanes)
    move(index(whole), count % lanes);
}

void ColumnsLowering::copyGroup(Value row, Value group) {
  int64_t before = 0;
  for (auto [part, input] : llvm::enumerate(op.getInputs())) {
    int64_t columns = cast<MemRefType>(input.getType()).getDimSize(1);
    Value from = sum(times(group, columns / int64_t(op.getGroups())), index(op.getBegins()[part]));
    copyPart(row, from, sum(times(group, together), index(before)), part);
    before += op.getCounts()[part];
  }
}

void ColumnsLowering::run() {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  upTo(rows, 1, [&](Value row) {
    upTo(index(op.getGroups()), 1, [&](Value group) { copyGroup(row, group); });
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
