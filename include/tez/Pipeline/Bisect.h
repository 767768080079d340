//===- Bisect.h - Which rewrites turn a kernel bad --------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_BISECT_H
#define TEZ_PIPELINE_BISECT_H

#include "tez/Pipeline/Rewrites.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tez {

struct Culprits {
  size_t prefix = 0; ///< the first `prefix` rewrites make a bad kernel, one less a good one
  RewriteList set;   ///< of these, none can be left out
};

/// Finds the culprits among `all`, given that none of them makes a good kernel
/// and all a bad one. `isBad` judges the kernel made with exactly the given ones.
Culprits bisect(const RewriteList &all, llvm::function_ref<bool(const RewriteList &)> isBad);

} // namespace tez

#endif // TEZ_PIPELINE_BISECT_H
