//===- GraphMatch.cpp - What became of the nodes of a graph ---------------===//

#include "GraphMatch.h"
#include <deque>
#include <map>

using namespace tez::report;

using Key = std::pair<std::string, std::string>;

/// Inputs and outputs have no field but their name.
static Key keyOf(const GraphNode &node) {
  return {node.kind == GraphNode::Kind::Op ? node.field : node.name, node.op};
}

/// Ops without a place are made from nothing in particular.
static bool hasField(const GraphNode &node) {
  return node.kind == GraphNode::Kind::Op && !node.field.empty() && node.field != "-";
}

static void linkKept(const Graph &before, const Graph &after, GraphLinks &links) {
  std::map<Key, std::deque<unsigned>> waiting;
  for (unsigned i = 0; i < before.nodes.size(); ++i)
    waiting[keyOf(before.nodes[i])].push_back(i);
  for (unsigned i = 0; i < after.nodes.size(); ++i) {
    auto found = waiting.find(keyOf(after.nodes[i]));
    if (found == waiting.end() || found->second.empty())
      continue;
    unsigned other = found->second.front();
    found->second.pop_front();
    links.after[i] = {other, true, ""};
    links.before[other] = {i, true, ""};
  }
}

namespace {
/// The ops of one field that the other graph does not have.
struct Unmatched {
  std::vector<unsigned> before, after;
  unsigned all = 0; ///< ops of the field before, those kept too
};
} // namespace

static std::map<std::string, Unmatched> unmatchedByField(const Graph &before, const Graph &after,
                                                         const GraphLinks &links) {
  std::map<std::string, Unmatched> fields;
  for (unsigned i = 0; i < before.nodes.size(); ++i) {
    if (!hasField(before.nodes[i]))
      continue;
    Unmatched &field = fields[before.nodes[i].field];
    ++field.all;
    if (!links.before[i].kept)
      field.before.push_back(i);
  }
  for (unsigned i = 0; i < after.nodes.size(); ++i)
    if (hasField(after.nodes[i]) && !links.after[i].kept)
      fields[after.nodes[i].field].after.push_back(i);
  return fields;
}

static std::string opsText(const Graph &graph, const std::vector<unsigned> &nodes) {
  if (nodes.size() > 2)
    return std::to_string(nodes.size()) + " operations";
  std::string text = graph.nodes[nodes.front()].op;
  return nodes.size() == 1 ? text : text + ", " + graph.nodes[nodes.back()].op;
}

static void linkByField(const Graph &before, const Graph &after, GraphLinks &links) {
  for (const auto &[name, field] : unmatchedByField(before, after, links)) {
    if (field.before.empty() || field.after.empty())
      continue;
    bool known = field.all == 1;
    for (unsigned i : field.before)
      links.before[i] = {field.after.front(), false, known ? opsText(after, field.after) : ""};
    for (unsigned i : field.after)
      links.after[i] = {field.before.front(), false, known ? opsText(before, field.before) : ""};
  }
}

GraphLinks tez::report::match(const Graph &before, const Graph &after) {
  GraphLinks links{std::vector<NodeLink>(before.nodes.size()),
                   std::vector<NodeLink>(after.nodes.size())};
  linkKept(before, after, links);
  linkByField(before, after, links);
  return links;
}
