//===- Optimization.cpp - What became of the kernel -----------------------===//

#include "GraphSvg.h"
#include "Plots.h"
#include "Sections.h"
#include "Units.h"
#include "tez/Support/NumberText.h"
#include <algorithm>

using namespace tez;
using namespace tez::report;

static constexpr size_t kMostRows = 2000;

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

static void writeGraph(Html &html, const Graph &graph, const std::vector<NodeLink> &links,
                       Side side) {
  size_t ops = std::ranges::count(graph.nodes, GraphNode::Kind::Op, &GraphNode::kind);
  html.open("figure").open("figcaption");
  html.element("b", side == Side::Before ? "Before" : "After");
  html.text(" " + std::to_string(ops) + (ops == 1 ? " operation" : " operations")).close();
  html.open("div", {{"class", "scroll canvas"},
                    {"tabindex", "0"},
                    {"role", "region"},
                    {"aria-label", side == Side::Before ? "before" : "after"}});
  drawGraph(html, graph, links, side);
  html.close().close();
}

void tez::report::writeGraphs(Html &html, const Page &page) {
  if (!page.before)
    return;
  html.element("p", {{"class", "note"}},
               "Parameters and what only updates buffers are not drawn; a node's tooltip names the "
               "parameters it reads. Dashed: what passes "
               "replaced. Thick: what they made. A node is a link to its counterpart, the "
               "operation of the same field of the blueprint.");
  GraphLinks links = match(*page.before, page.after.value_or(Graph()));
  html.open("div", {{"class", "graphs"}});
  // Nothing became of it: that is no replacement.
  if (!page.after)
    for (NodeLink &link : links.before)
      link.kept = true;
  writeGraph(html, *page.before, links.before, Side::Before);
  if (page.after)
    writeGraph(html, *page.after, links.after, Side::After);
  html.close();
  if (!page.after)
    html.element("p", {{"class", "note"}}, "The compilation ended before it was optimized.");
}

//===----------------------------------------------------------------------===//
// Rewrites, passes, remarks
//===----------------------------------------------------------------------===//

static void writeLeftOut(Html &html, size_t count) {
  if (count > kMostRows)
    html.element("p", {{"class", "note"}},
                 "... and " + std::to_string(count - kMostRows) + " more");
}

static void writeRewriteTable(Html &html, const std::vector<Rewrite> &rewrites) {
  openTable(html,
            {{"no.", true}, {"pass", false}, {"pattern", false}, {"op", false}, {"place", false}});
  for (size_t i = 0; i < std::min(rewrites.size(), kMostRows); ++i) {
    const Rewrite &rewrite = rewrites[i];
    html.open("tr");
    numberCell(html, rewrite.number ? std::to_string(rewrite.number) : "");
    codeCell(html, rewrite.pass);
    if (rewrite.pattern.empty())
      html.element("td", "outside of patterns");
    else
      codeCell(html, rewrite.pattern);
    codeCell(html, rewrite.op);
    codeCell(html, rewrite.place);
    html.close();
  }
  closeTable(html);
  writeLeftOut(html, rewrites.size());
}

static void writePasses(Html &html, const std::vector<PassRow> &passes) {
  openTable(html, {{"pass", false}, {"ops before", true}, {"after", true}, {"rewrites", true}});
  for (const PassRow &pass : passes) {
    html.open("tr");
    codeCell(html, pass.pass);
    numberCell(html, std::to_string(pass.before));
    numberCell(html, std::to_string(pass.after));
    numberCell(html, pass.rewrites ? std::to_string(pass.rewrites) : "");
    html.close();
  }
  closeTable(html);
}

static void openFold(Html &html, const std::string &title, bool isOpen) {
  if (isOpen)
    html.open("details", {{"open", ""}});
  else
    html.open("details");
  html.element("summary", title);
}

static std::string counted(size_t count, const std::string &one, const std::string &several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

static void writeFoldedRewrites(Html &html, const std::vector<Rewrite> &rewrites) {
  if (rewrites.empty()) {
    html.element("p", "No pass rewrote anything.");
    return;
  }
  size_t count = rewrites.size();
  openFold(html, counted(count, "rewrite", "rewrites"), count <= 30);
  writeRewriteTable(html, rewrites);
  html.close();
}

void tez::report::writeRewrites(Html &html, const Page &page) {
  if (page.rewrites)
    writeFoldedRewrites(html, *page.rewrites);
  if (!page.passes.empty()) {
    openFold(html, counted(page.passes.size(), "execution of a pass", "executions of passes"),
             page.passes.size() <= 30);
    writePasses(html, page.passes);
    html.close();
  }
  if (page.remarks.empty())
    return;
  openFold(html, counted(page.remarks.size(), "remark", "remarks"), page.remarks.size() <= 30);
  html.open("ul", {{"class", "findings"}});
  for (const Finding &remark : page.remarks)
    html.open("li").text(remark.message + " ").element("code", remark.place).close();
  html.close().close();
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

static std::string unlessZero(double value, std::string text) { return value > 0 ? text : ""; }

/// One cell for all rows of a place that stand together.
static void writeTimeCell(Html &html, const std::vector<CostRow> &rows, size_t at) {
  const CostRow &row = rows[at];
  if (at > 0 && rows[at - 1].place == row.place)
    return;
  size_t end = at;
  while (end < rows.size() && rows[end].place == row.place)
    ++end;
  std::string text = row.milliseconds ? timeText(*row.milliseconds) : "";
  html.element("td", {{"class", "number"}, {"rowspan", std::to_string(end - at)}}, text);
}

static void writeCostRow(Html &html, const CostRow &row, double most) {
  html.open("tr").element("th", {{"scope", "row"}}, row.op);
  codeCell(html, row.place);
  html.element("td", {{"class", "shape"}}, row.output);
  numberCell(html, unlessZero(row.parameters, grouped(row.parameters)));
  numberCell(html, unlessZero(row.parameterBytes, byteSize(int64_t(row.parameterBytes))));
  numberCell(html, unlessZero(row.activationBytes, byteSize(int64_t(row.activationBytes))));
  numberCell(html, unlessZero(row.flops, grouped(row.flops)));
  html.open("td");
  if (row.flops > 0 && most > 0)
    drawShare(html, row.flops / most);
  html.close();
}

void tez::report::writeCosts(Html &html, const Page &page) {
  html.element("p", {{"class", "note"}}, page.costNote);
  if (page.costs.empty())
    return;
  double total = 0;
  bool timed = false;
  for (const CostRow &row : page.costs) {
    total += row.flops;
    timed |= row.milliseconds.has_value();
  }
  std::vector<CostRow> rows = page.costs;
  rows.resize(std::min(rows.size(), kMostRows));
  Columns columns = {{"op", false},        {"place", false}, {"output", false},
                     {"parameters", true}, {"bytes", true},  {"activations", true},
                     {"FLOPs", true},      {"of all", false}};
  if (timed)
    columns.push_back({"time", true});
  openTable(html, columns);
  for (size_t i = 0; i < rows.size(); ++i) {
    writeCostRow(html, rows[i], total);
    if (timed)
      writeTimeCell(html, rows, i);
    html.close();
  }
  closeTable(html);
  writeLeftOut(html, page.costs.size());
}

void tez::report::writeTimes(Html &html, const Page &page) {
  double total = 0;
  for (const auto &[phase, milliseconds] : page.phases)
    total += milliseconds;
  openTable(html, {{"phase", false}, {"time", true}, {"of all", false}});
  for (const auto &[phase, milliseconds] : page.phases) {
    html.open("tr").element("th", {{"scope", "row"}}, phase);
    numberCell(html, timeText(milliseconds));
    html.open("td");
    drawShare(html, total > 0 ? milliseconds / total : 0);
    html.close().close();
  }
  closeTable(html);
}
