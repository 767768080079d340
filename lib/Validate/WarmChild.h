//===- WarmChild.h - A child that judges kernel after kernel ----*- C++ -*-===//
//
// A fork for each kernel costs a quarter of what the suite of a small one takes: pages
// copied, code mapped anew, torch's tables filled again. So kernels of the common kind go to
// one child that stays. What an earlier kernel did to it must not hurt a later one:
// only "all passed" is taken from it, whatever else is decided by a fresh child.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_VALIDATE_WARMCHILD_H
#define TEZ_LIB_VALIDATE_WARMCHILD_H

#include "Suite.h"
#include <optional>

namespace tez {

/// The answer (Answer.h) of the child that stays, if it is that all checks pass. Nullopt:
/// run them in a child of their own. For use by several threads.
std::optional<std::string> askWarmChild(KernelUnderTest &file,
                                        llvm::ArrayRef<const Check *> checks);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_WARMCHILD_H
