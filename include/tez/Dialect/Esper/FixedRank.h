//===- FixedRank.h - Inputs whose rank is part of the meaning ---*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_FIXEDRANK_H
#define TEZ_DIALECT_ESPER_FIXEDRANK_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez::esper {

/// A unit attribute of a kernel's argument: calls with another rank than the
/// declared one are refused.
inline constexpr llvm::StringLiteral kFixedRank = "esper.fixed_rank";

inline bool hasFixedRank(KernelOp kernel, unsigned input) {
  return bool(kernel.getArgAttr(input, kFixedRank));
}

/// Does what `op` is given have the declared rank in every call, or more dimensions in front that
/// no op in the kernel counts. Elsewhere what is an identity at the declared rank need not be one.
inline bool ranksAreKnown(mlir::Operation *op) {
  auto kernel = op->getParentOfType<KernelOp>();
  if (!kernel || kernel.getLeadingAny())
    return true;
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    if (!hasFixedRank(kernel, i))
      return false;
  return true;
}

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_FIXEDRANK_H
