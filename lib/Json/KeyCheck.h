//===- KeyCheck.h - Finds a field that an object names twice ----*- C++ -*-===//

#ifndef TEZ_LIB_JSON_KEYCHECK_H
#define TEZ_LIB_JSON_KEYCHECK_H

#include "Nodes.h"

#include <optional>
#include <string_view>
#include <vector>

namespace tez::json {

/// The first key in the text that repeats another one of its object.
struct RepeatedKey {
  NodeId first;
  NodeId again;
};

/// Keeps its scratch memory from object to object.
class KeyCheck {
public:
  /// `object` is complete: its size and all nodes in it are there.
  std::optional<RepeatedKey> find(std::string_view text, const NodeTable &nodes, NodeId object);

private:
  struct Key {
    size_t hash;
    std::string_view content;
    NodeId node;
  };
  std::vector<Key> keys;
};

} // namespace tez::json

#endif // TEZ_LIB_JSON_KEYCHECK_H
