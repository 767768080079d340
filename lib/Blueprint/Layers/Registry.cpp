//===- Registry.cpp - The closed list of torch.nn classes -----------------===//

#include "Support.h"
#include "tez/Json/Text.h"

using namespace tez;
using namespace tez::blueprint;

std::vector<std::string> Layer::parameters(mlir::MLIRContext *context) const {
  std::vector<std::string> names;
  for (const Input &input : inputs(context))
    if (names.empty() || names.back() != input.parameterName())
      names.push_back(input.parameterName());
  llvm::append_range(names, masks());
  return names;
}

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

/// Length of the longest run of characters that both have, whatever their case.
static size_t commonRun(llvm::StringRef a, llvm::StringRef b) {
  size_t best = 0;
  for (size_t start = 0; start < a.size(); ++start)
    while (start + best < a.size() && b.contains_insensitive(a.substr(start, best + 1)))
      ++best;
  return best;
}

/// By spelling; when nothing is near, the class that has most of the word in
/// its name.
std::string tez::blueprint::nearestLayer(llvm::StringRef name) {
  name = name.rsplit('.').second.empty() ? name : name.rsplit('.').second;
  name = name.take_front(64);
  std::vector<std::string_view> names;
  for (const LayerRow &row : registry())
    names.push_back(row.name);
  if (std::optional<std::string_view> near = json::nearest(name, names))
    return std::string(*near);
  return std::string(*llvm::max_element(names, [&](std::string_view a, std::string_view b) {
    return commonRun(name, a) < commonRun(name, b);
  }));
}
