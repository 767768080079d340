//===- Rewrites.h - The rewrites of a compilation, numbered -----*- C++ -*-===//

#ifndef TEZ_PIPELINE_REWRITES_H
#define TEZ_PIPELINE_REWRITES_H

#include "tez/Json/Diagnostic.h"
#include <string>
#include <vector>

namespace tez {

/// One rewrite that changed the kernel: an application of a pattern, or what a
/// pass did outside of patterns (by hand, by folding), which counts as one and
/// stands before the patterns of that pass.
struct AppliedRewrite {
  /// From 1, in the order of the compilation with all of them; 0: only others'
  /// absence made this one possible.
  unsigned number = 0;
  unsigned execution = 0; ///< which execution of a pass, from 1
  std::string pass;       ///< its flag
  std::string pattern;    ///< debug name without namespaces; empty: outside of patterns
  std::string op;         ///< name of the op that was matched, or that the pass ran on
  json::Diagnostic place; ///< path, line and column; the message is empty
  std::string key;        ///< the same in another compilation of the same blueprint
};
using RewriteList = std::vector<AppliedRewrite>;

/// `#3 canonicalize: MergeReshapes on esper.reshape at net.json:7:23 (nodes[3])`.
std::string describe(const json::Source &source, const AppliedRewrite &rewrite);

/// Which rewrites a compilation applies: the first `most`, or exactly those of
/// `only`, a part of an earlier compilation's. Those that depend on one that is
/// left out may not come about.
struct RewriteChoice {
  bool count = false; ///< list them in the result; implied by a choice
  std::optional<unsigned> most;
  std::optional<RewriteList> only;

  bool counts() const { return count || most || only; }
};

} // namespace tez

#endif // TEZ_PIPELINE_REWRITES_H
