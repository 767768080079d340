//===- Elementwise.cpp ----------------------------------------------------===//

#include "Elementwise.h"

using namespace mlir;

bool tez::native::isElementwise(linalg::GenericOp op) {
  if (op.getNumLoops() != 2 || op.getNumParallelLoops() != 2 || op.getNumDpsInits() != 1 ||
      !op.getRegionOutputArgs()[0].use_empty())
    return false;
  AffineMap identity = AffineMap::getMultiDimIdentityMap(2, op.getContext());
  AffineExpr row = getAffineDimExpr(0, op.getContext()),
             zero = getAffineConstantExpr(0, op.getContext());
  AffineMap ofRow = AffineMap::get(2, 0, {row, zero}, op.getContext());
  return llvm::all_of(op.getIndexingMapsArray(), [&](AffineMap map) {
    return map == identity || map == identity.getMinorSubMap(1) || map == ofRow;
  });
}
