//===- GraphSvg.cpp - A graph as a drawing --------------------------------===//

#include "GraphSvg.h"
#include "GraphLayout.h"
#include "Units.h"
#include <algorithm>

using namespace tez::report;

static constexpr double kHeight = 62, kPadding = 12, kBadgeHeight = 16;
static constexpr double kLarge = 7.3, kSmall = 6.4; ///< widths of a monospaced character
static constexpr size_t kMostCharacters = 20;

namespace {
class Drawing {
public:
  Drawing(Html &html, const Graph &graph, const std::vector<NodeLink> &links, Side side)
      : html(html), graph(graph), links(links), side(side) {}

  void run();

private:
  double widthOf(size_t node) const;
  std::string markOf(size_t node) const;
  std::string classOf(size_t node) const;
  std::string idOf(unsigned node, Side of) const;
  std::string tooltipOf(size_t node) const;
  void drawEdges(const GraphLayout &layout);
  void drawNode(size_t node, const Box &box);
  void drawBox(size_t node, const Box &box);
  void drawMark(const std::string &mark, const Box &box);
  void drawLine(const char *style, const Box &box, double y, const std::string &text);

  Html &html;
  const Graph &graph;
  const std::vector<NodeLink> &links;
  Side side;
};
} // namespace

std::string Drawing::idOf(unsigned node, Side of) const {
  return (of == Side::Before ? "before-" : "after-") + std::to_string(node);
}

/// What the reader should not have to look for.
std::string Drawing::markOf(size_t node) const {
  const GraphNode &drawn = graph.nodes[node];
  const NodeLink &link = links[node];
  if (drawn.kind != GraphNode::Kind::Op)
    return "";
  if (side == Side::After && !drawn.badge.empty())
    return drawn.badge;
  if (link.kept)
    return "";
  if (side == Side::Before)
    return link.related.empty() ? "gone" : "becomes " + link.related;
  return link.related.empty() ? "new" : "new, from " + link.related;
}

std::string Drawing::classOf(size_t node) const {
  std::string style = graph.nodes[node].kind == GraphNode::Kind::Op ? "node" : "node end";
  if (graph.nodes[node].kind == GraphNode::Kind::Op && !links[node].kept)
    style += side == Side::Before ? " gone" : " made";
  return style;
}

double Drawing::widthOf(size_t node) const {
  const GraphNode &drawn = graph.nodes[node];
  double inner =
      std::max({kLarge * double(lengthOf(shortened(drawn.op, kMostCharacters))),
                kSmall * double(lengthOf(shortened(drawn.name, kMostCharacters))),
                kSmall * double(lengthOf(shortened(drawn.type, kMostCharacters))),
                kSmall * double(lengthOf(shortened(markOf(node), kMostCharacters))) + 8});
  return std::max(84.0, inner + 2 * kPadding);
}

std::string Drawing::tooltipOf(size_t node) const {
  const GraphNode &drawn = graph.nodes[node];
  std::string text = drawn.op + " " + drawn.name + "\n" + drawn.type;
  if (!drawn.field.empty() && drawn.field != drawn.name)
    text += "\nin the blueprint: " + drawn.field;
  if (std::string mark = markOf(node); !mark.empty())
    text += "\n" + mark;
  for (const std::string &detail : drawn.details)
    text += "\n" + detail;
  return text;
}

/// Leaves and arrives vertically, whatever lies between.
static std::string pathOf(const std::vector<Point> &route) {
  std::string path = "M" + coordinate(route[0].x) + " " + coordinate(route[0].y);
  for (size_t i = 1; i < route.size(); ++i) {
    const Point &from = route[i - 1], &to = route[i];
    double middle = (from.y + to.y) / 2;
    if (from.x == to.x)
      path += " L";
    else
      path += " C" + coordinate(from.x) + " " + coordinate(middle) + " " + coordinate(to.x) + " " +
              coordinate(middle) + " ";
    path += coordinate(to.x) + " " + coordinate(to.y);
  }
  return path;
}

void Drawing::drawEdges(const GraphLayout &layout) {
  html.open("g", {{"class", "edges"}});
  for (const auto &route : layout.routes) {
    html.empty("path", {{"d", pathOf(route)}});
    Point tip = route.back();
    html.empty("path", {{"class", "tip"},
                        {"d", "M" + coordinate(tip.x - 3.5) + " " + coordinate(tip.y - 6) + " L" +
                                  coordinate(tip.x) + " " + coordinate(tip.y) + " L" +
                                  coordinate(tip.x + 3.5) + " " + coordinate(tip.y - 6)}});
  }
  html.close();
}

void Drawing::drawLine(const char *style, const Box &box, double y, const std::string &text) {
  html.element("text",
               {{"class", style}, {"x", coordinate(box.centre())}, {"y", coordinate(box.y + y)}},
               shortened(text, kMostCharacters));
}

/// On the upper edge of the box, which it interrupts.
void Drawing::drawMark(const std::string &mark, const Box &box) {
  std::string text = shortened(mark, kMostCharacters);
  double width = kSmall * double(lengthOf(text)) + 8;
  html.empty("rect", {{"class", "mark"},
                      {"x", coordinate(box.centre() - width / 2)},
                      {"y", coordinate(box.y + kHeight - kBadgeHeight / 2)},
                      {"width", coordinate(width)},
                      {"height", coordinate(kBadgeHeight)},
                      {"rx", "3"}});
  drawLine("mark", box, kHeight + 4, text);
}

void Drawing::drawBox(size_t node, const Box &box) {
  bool end = graph.nodes[node].kind != GraphNode::Kind::Op;
  html.empty("rect", {{"class", "box"},
                      {"x", coordinate(box.x)},
                      {"y", coordinate(box.y)},
                      {"width", coordinate(box.width)},
                      {"height", coordinate(kHeight)},
                      {"rx", end ? coordinate(kHeight / 2) : "5"}});
}

void Drawing::drawNode(size_t node, const Box &box) {
  const GraphNode &drawn = graph.nodes[node];
  std::string id = idOf(unsigned(node), side), style = classOf(node);
  Side opposite = side == Side::Before ? Side::After : Side::Before;
  if (links[node].other)
    html.open("a", {{"id", id},
                    {"class", style},
                    {"data-field", drawn.field},
                    {"href", "#" + idOf(*links[node].other, opposite)}});
  else
    html.open("g", {{"id", id}, {"class", style}, {"data-field", drawn.field}});
  html.element("title", tooltipOf(node));
  drawBox(node, box);
  drawLine("op", box, 19, drawn.op);
  drawLine("name", box, 34, drawn.name);
  drawLine("type", box, 48, drawn.type);
  if (std::string mark = markOf(node); !mark.empty())
    drawMark(mark, box);
  html.close();
}

void Drawing::run() {
  std::vector<double> widths;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    widths.push_back(widthOf(i));
  std::optional<GraphLayout> layout = layOut(graph, widths, kHeight);
  if (!layout) {
    html.element("p", {{"class", "note"}},
                 "Not drawn: " + std::to_string(graph.nodes.size()) +
                     " nodes are more than an eye can follow. The table of costs lists them.");
    return;
  }
  // The edges first: boxes cover what runs behind them.
  html.open("svg", {{"class", "graph"},
                    {"width", coordinate(layout->width)},
                    {"height", coordinate(layout->height + kBadgeHeight / 2)},
                    {"role", "group"},
                    {"aria-label", side == Side::Before ? "graph before optimization"
                                                        : "graph after optimization"}});
  drawEdges(*layout);
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    drawNode(i, layout->boxes[i]);
  html.close();
}

void tez::report::drawGraph(Html &html, const Graph &graph, const std::vector<NodeLink> &links,
                            Side side) {
  Drawing(html, graph, links, side).run();
}
