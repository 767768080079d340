//===- Sums.cpp -----------------------------------------------------------===//

#include "Sums.h"
#include "Vectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tez;
using native::Sums;

static SmallVector<Value> flatten(const Sums &sums) {
  SmallVector<Value> flat;
  for (const auto &row : sums)
    llvm::append_range(flat, row);
  return flat;
}

/// In the form of `like`.
static Sums unflatten(ValueRange flat, const Sums &like) {
  Sums sums;
  for (const auto &row : like) {
    sums.emplace_back(flat.take_front(row.size()));
    flat = flat.drop_front(row.size());
  }
  return sums;
}

Sums native::zeroSums(int64_t rows, int64_t panels, VectorType type,
                      ImplicitLocOpBuilder &builder) {
  Value zero = arith::ConstantOp::create(builder, cast<TypedAttr>(builder.getZeroAttr(type)));
  return Sums(rows, SmallVector<Value>(panels, zero));
}

Sums native::foldSums(Value count, const Sums &start, SumStep step, ImplicitLocOpBuilder &builder) {
  auto loop =
      scf::ForOp::create(builder, index(0, builder), count, index(1, builder), flatten(start));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  Sums after = step(loop.getInductionVar(), unflatten(loop.getRegionIterArgs(), start));
  scf::YieldOp::create(builder, flatten(after));
  return unflatten(loop.getResults(), start);
}

void native::forLoop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body,
                     ImplicitLocOpBuilder &builder) {
  auto loop = scf::ForOp::create(builder, begin, end, index(step, builder));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}
