//===- GraphSvg.h - A graph as a drawing ------------------------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_GRAPHSVG_H
#define TEZ_LIB_REPORT_GRAPHSVG_H

#include "GraphMatch.h"
#include "Html.h"

namespace tez::report {

enum class Side { Before, After };

/// An SVG element, or a sentence where the graph is too large to be looked at. A node
/// with a counterpart is a link to it.
void drawGraph(Html &html, const Graph &graph, const std::vector<NodeLink> &links, Side side);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_GRAPHSVG_H
