//===- GraphMatch.h - What became of the nodes of a graph -------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_GRAPHMATCH_H
#define TEZ_LIB_REPORT_GRAPHMATCH_H

#include "tez/Report/Graph.h"
#include <optional>

namespace tez::report {

/// A node and its counterpart in the other graph: the same op of the same field of
/// the blueprint, else the first op of that field that has none.
struct NodeLink {
  std::optional<unsigned> other;
  bool kept = false; ///< the same op on both sides
  /// What it became, or what it was made from. Only where the field had a single op
  /// before: of several nobody knows.
  std::string related;
};

struct GraphLinks {
  std::vector<NodeLink> before, after;
};

/// Linear in the number of nodes but for sorting.
GraphLinks match(const Graph &before, const Graph &after);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_GRAPHMATCH_H
