//===- WarmChild.h - Children that judge kernel after kernel ----*- C++ -*-===//
//
// A fork for each kernel costs a quarter of what the suite of a small one takes: pages
// copied, code mapped anew, torch's tables filled again. So kernels of the common kind go to
// a child that stays, and what takes as long as all the rest to another beside it. What an
// earlier kernel did to them must not hurt a later one: only "all passed" is taken from
// them, whatever else is decided by a fresh child.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_VALIDATE_WARMCHILD_H
#define TEZ_LIB_VALIDATE_WARMCHILD_H

#include "Suite.h"
#include <optional>

namespace tez {

/// One (Answer.h) of each child that was asked.
using WarmAnswers = llvm::SmallVector<std::string, 2>;

/// The answers of the children that stay, if they are that all checks pass. Nullopt: run
/// the checks in a child of their own. For use by several threads.
std::optional<WarmAnswers> askWarmChildren(KernelUnderTest &file,
                                           llvm::ArrayRef<const Check *> checks);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_WARMCHILD_H
