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

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_FIXEDRANK_H
