//===- Nodes.h - The tree of a document, in compact form --------*- C++ -*-===//

#ifndef TEZ_LIB_JSON_NODES_H
#define TEZ_LIB_JSON_NODES_H

#include <cassert>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tez::json {

using NodeId = uint32_t;
inline constexpr NodeId kNoNode = ~NodeId(0);

/// A value, or the key of a member. Nodes lie in the order of the text: the
/// key just before its value, a container just before its first child. The
/// first byte of the source tells the kind.
struct Node {
  uint32_t begin;
  uint32_t end;
  NodeId parent;  ///< kNoNode for the root
  uint32_t index; ///< among the children of the parent; key and value share it
  union {
    NodeId next;           ///< containers: the node after the last descendant
    uint32_t decodedBegin; ///< strings: offset in `decoded`, kNoNode without escapes
  };
  union {
    uint32_t size;        ///< containers: number of elements or members
    uint32_t decodedSize; ///< strings
  };
};

/// Grows by chunks: no copy ever doubles the memory, and node references stay.
class NodeTable {
public:
  NodeId push(uint32_t begin, NodeId parent, uint32_t index) {
    if (count % kChunk == 0)
      chunks.push_back(std::make_unique_for_overwrite<Node[]>(kChunk));
    Node &node = chunks.back()[count % kChunk];
    node.begin = node.end = begin;
    node.parent = parent;
    node.index = index;
    node.next = kNoNode;
    node.size = 0;
    return count++;
  }

  Node &operator[](NodeId id) {
    assert(id < count);
    return chunks[id / kChunk][id % kChunk];
  }
  const Node &operator[](NodeId id) const {
    assert(id < count);
    return chunks[id / kChunk][id % kChunk];
  }

  NodeId size() const { return count; }

  /// Strings that had escapes, one after the other.
  std::string decoded;

private:
  static constexpr NodeId kChunk = 2048;
  std::vector<std::unique_ptr<Node[]>> chunks;
  NodeId count = 0;
};

/// The content of a string or of a key, without escapes.
inline std::string_view contentOf(std::string_view text, const NodeTable &nodes, NodeId id) {
  const Node &node = nodes[id];
  if (node.decodedBegin != kNoNode)
    return std::string_view(nodes.decoded).substr(node.decodedBegin, node.decodedSize);
  return text.substr(node.begin + 1, node.end - node.begin - 2);
}

/// The node after a value and all that is in it.
inline NodeId nodeAfter(std::string_view text, const NodeTable &nodes, NodeId value) {
  char first = text[nodes[value].begin];
  return first == '{' || first == '[' ? nodes[value].next : value + 1;
}

} // namespace tez::json

#endif // TEZ_LIB_JSON_NODES_H
