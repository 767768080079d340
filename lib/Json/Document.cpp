//===- Document.cpp - A JSON text, parsed, with every place kept ----------===//

#include "tez/Json/Document.h"

#include "Nodes.h"

using namespace tez::json;

Document::Document(const Source &source, std::unique_ptr<NodeTable> nodes)
    : text(source), nodes(std::move(nodes)) {}

Document::~Document() = default;

/// The last node that begins at `offset` or before it. Nodes lie in the order
/// of the text.
static NodeId lastNodeBefore(const NodeTable &nodes, size_t offset) {
  NodeId low = 0, high = nodes.size();
  while (high - low > 1) {
    NodeId middle = low + (high - low) / 2;
    (nodes[middle].begin <= offset ? low : high) = middle;
  }
  return low;
}

Value Document::valueAt(size_t offset) const {
  const NodeTable &table = *nodes;
  NodeId node = lastNodeBefore(table, offset);
  while (node != 0 && table[node].end <= offset)
    node = table[node].parent;
  // A key stands for its value, which is the next node and shares its index.
  bool followed = node != 0 && node + 1 < table.size();
  if (followed && table[node + 1].parent == table[node].parent &&
      table[node + 1].index == table[node].index)
    ++node;
  return Value(*this, node);
}
