//===- GraphLayout.h - Where the nodes of a graph stand ---------*- C++ -*-===//
//
// In layers from top to bottom, after Sugiyama, Tagawa and Toda ("Methods for
// visual understanding of hierarchical system structures", 1981): a node stands
// below all it reads, edges that skip layers pass through points of their own,
// each layer is ordered by the mean place of its neighbours.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_REPORT_GRAPHLAYOUT_H
#define TEZ_LIB_REPORT_GRAPHLAYOUT_H

#include "tez/Report/Graph.h"
#include <optional>

namespace tez::report {

struct Point {
  double x = 0, y = 0;
};

/// A node's box by its upper left corner.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double centre() const { return x + width / 2; }
};

struct GraphLayout {
  std::vector<Box> boxes; ///< as Graph::nodes
  /// As Graph::edges: from the lower side of one box to the upper side of the other.
  /// In between pairs of points, above and below the layer that is passed.
  std::vector<std::vector<Point>> routes;
  double width = 0, height = 0;
};

/// `widths` are those of the nodes. None for graphs too large to be looked at.
std::optional<GraphLayout> layOut(const Graph &graph, const std::vector<double> &widths,
                                  double height);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_GRAPHLAYOUT_H
