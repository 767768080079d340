//===- Registry.cpp - The closed list of torch.nn classes -----------------===//

#include "Support.h"
#include "tez/Json/Text.h"

using namespace tez;
using namespace tez::blueprint;

/// All parts, sorted by name.
static LayerTable makeRegistry() {
  LayerTable all;
  for (LayerTable (*part)() :
       {activationLayers, attentionLayers, channelNormLayers, convolutionLayers, dropoutLayers,
        embeddingLayers, linearLayers, paddingLayers, poolingLayers, recurrentLayers,
        sequentialLayers, shapeLayers, shapedNormLayers, softmaxLayers, transformerLayers,
        upsampleLayers})
    llvm::append_range(all, part());
  llvm::sort(all, [](const LayerRow &a, const LayerRow &b) { return a.name < b.name; });
  return all;
}

static const LayerTable &registry() {
  static const LayerTable table = makeRegistry();
  return table;
}

LayerReader tez::blueprint::findLayer(llvm::StringRef name) {
  auto found =
      llvm::lower_bound(registry(), std::string_view(name),
                        [](const LayerRow &row, std::string_view n) { return row.name < n; });
  return found != registry().end() && found->name == std::string_view(name) ? found->read : nullptr;
}

std::vector<std::string> tez::blueprint::layerNames() {
  std::vector<std::string> names;
  for (const LayerRow &row : registry())
    names.emplace_back(row.name);
  return names;
}

std::string tez::blueprint::nearestLayer(llvm::StringRef name) {
  std::vector<std::string_view> names;
  for (const LayerRow &row : registry())
    names.push_back(row.name);
  std::string_view word(name);
  if (std::optional<std::string_view> near = json::nearest(word, names))
    return std::string(*near);
  // Nothing is near by spelling: the class that begins in the same way.
  auto common = [&](std::string_view candidate) {
    return std::mismatch(candidate.begin(), candidate.end(), word.begin(), word.end()).first -
           candidate.begin();
  };
  return std::string(*llvm::max_element(
      names, [&](std::string_view a, std::string_view b) { return common(a) < common(b); }));
}
