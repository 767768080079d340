//===- KeyCheck.cpp - Finds a field that an object names twice ------------===//

#include "KeyCheck.h"

#include <algorithm>
#include <functional>
#include <tuple>

using namespace tez::json;

std::optional<RepeatedKey> KeyCheck::find(std::string_view text, const NodeTable &nodes,
                                          NodeId object) {
  uint32_t size = nodes[object].size;
  if (size < 2)
    return std::nullopt;
  keys.clear();
  for (NodeId name = object + 1; size-- > 0; name = nodeAfter(text, nodes, name + 1)) {
    std::string_view content = contentOf(text, nodes, name);
    keys.push_back({std::hash<std::string_view>()(content), content, name});
  }
  // Sorted by hash and then text instead of kept in a hash table: nobody can
  // choose keys that make this slow.
  std::sort(keys.begin(), keys.end(), [](const Key &a, const Key &b) {
    return std::tie(a.hash, a.content, a.node) < std::tie(b.hash, b.content, b.node);
  });
  std::optional<RepeatedKey> repeated;
  for (size_t i = 1; i < keys.size(); ++i) {
    bool same = keys[i].hash == keys[i - 1].hash && keys[i].content == keys[i - 1].content;
    if (same && (!repeated || keys[i].node < repeated->again))
      repeated = RepeatedKey{keys[i - 1].node, keys[i].node};
  }
  return repeated;
}
