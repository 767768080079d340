//===- Rewrite.h - Patterns that say what they did --------------*- C++ -*-===//

#ifndef TEZ_TRANSFORMS_REWRITE_H
#define TEZ_TRANSFORMS_REWRITE_H

#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tez {

/// Applies the patterns of the pass `flag` until none applies any more; an error
/// at `op` where that does not come to an end. With remarks on, the reasons that
/// patterns give to notifyMatchFailure become "missed" remarks of the pass, one
/// for each place and reason; none of a pattern that did apply at that
/// place, before or after. Without `misses` there is none at all: patterns in DRR
/// give their reasons in words about the code generated for them.
mlir::LogicalResult applyRewrites(mlir::Operation *op,
                                  const mlir::FrozenRewritePatternSet &patterns,
                                  llvm::StringRef flag, mlir::GreedyRewriteConfig config = {},
                                  bool misses = true);

/// The remark that the pass `flag` did something at `location`; what it was is
/// streamed into it, in one piece. Costs nothing while remarks are off:
///   rewritten(op.getLoc(), flag) << remark::add("folded {0} scales into one", count);
mlir::remark::detail::InFlightRemark rewritten(mlir::Location location, llvm::StringRef flag);

/// The category of the remarks of a pass: its flag without `esper-`.
inline llvm::StringRef remarkCategory(llvm::StringRef flag) {
  flag.consume_front("esper-");
  return flag;
}

} // namespace tez

#endif // TEZ_TRANSFORMS_REWRITE_H
