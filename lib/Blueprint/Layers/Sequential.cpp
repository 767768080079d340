//===- Sequential.cpp - One layer after the other -------------------------===//

#include "Sequential.h"
#include "tez/Json/Text.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
struct Entry {
  json::Value place;
  LayerPtr layer;
};

class SequentialLayer : public Layer {
public:
  SequentialLayer(const json::Value &place, std::vector<Entry> entries)
      : place(place), entries(std::move(entries)) {}

  std::vector<Input> inputs(MLIRContext *context) const override;
  RankedTensorType inputFor(RankedTensorType output) const override;
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;

private:
  RankedTensorType inputBefore(MLIRContext *context, RankedTensorType output) const;

  json::Value place;
  std::vector<Entry> entries;
  /// inputs(), once it was asked: nesting would double the work at each level.
  mutable std::optional<RankedTensorType> declared;
};
} // namespace

/// From the last layer to the first: what each asks for, sharpened by what the
/// layers behind it ask for.
RankedTensorType SequentialLayer::inputBefore(MLIRContext *context, RankedTensorType output) const {
  RankedTensorType type = output;
  for (const Entry &entry : llvm::reverse(entries)) {
    RankedTensorType own = entry.layer->inputs(context).front().type;
    RankedTensorType behind = type ? entry.layer->inputFor(type) : RankedTensorType();
    // A layer that takes several ranks declares the least; those behind know more.
    bool higher = own && behind && behind.getRank() > own.getRank();
    type = higher ? behind : mergeTypes(own, behind);
  }
  return type;
}

std::vector<Input> SequentialLayer::inputs(MLIRContext *context) const {
  if (!declared)
    declared = inputBefore(context, {});
  return {{"input", *declared}};
}

RankedTensorType SequentialLayer::inputFor(RankedTensorType output) const {
  return inputBefore(output.getContext(), output);
}

Values SequentialLayer::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  At whole(net, place);
  Values values(inputs);
  for (auto [index, entry] : llvm::enumerate(entries)) {
    At at(net, entry.place);
    if (values.size() != 1) {
      emitError(net.loc()) << "the layer before returns " << values.size()
                           << " values, and a layer of a Sequential takes one";
      return {};
    }
    if (!net.countLayer())
      return {};
    values = entry.layer->build(net, joinPath(path, std::to_string(index)), values);
    if (values.empty())
      return {};
  }
  return values;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

LayerReader tez::blueprint::findNamedLayer(json::Fields &f, std::string_view field,
                                           std::string_view name) {
  StringRef plain(name);
  plain.consume_front("torch.nn.");
  if (LayerReader reader = findLayer(plain))
    return reader;
  f.error(field,
          "expected a torch.nn class of the closed list, found " +
              json::quote(json::abbreviate(name)),
          "the nearest is \"torch.nn." + nearestLayer(plain) + "\"");
  return nullptr;
}

LayerPtr tez::blueprint::readTypedLayer(json::Fields &f) {
  auto type = f.string("type");
  LayerReader reader = type ? findNamedLayer(f, "type", *type) : nullptr;
  // Without its class nothing is known about the other fields.
  if (!reader)
    return nullptr;
  LayerPtr layer = reader(f);
  return f.finish() ? std::move(layer) : nullptr;
}

static LayerPtr readEntry(const json::Value &value, json::DiagnosticSink &sink) {
  std::optional<json::Object> object = json::readObject(value, sink);
  if (!object)
    return nullptr;
  json::Fields fields(*object, sink);
  LayerPtr layer = readTypedLayer(fields);
  if (!layer || layer->minInputs() == 1)
    return layer;
  json::report(sink, json::Severity::Error, value,
               "a layer of a Sequential takes one input, this one takes " +
                   std::to_string(layer->minInputs()));
  return nullptr;
}

static LayerPtr readSequential(json::Fields &f) {
  auto list = f.array("layers");
  if (!list)
    return nullptr;
  std::vector<Entry> entries;
  for (json::Value value : *list) {
    LayerPtr layer = readEntry(value, f.sink());
    if (!layer)
      f.fail("layers");
    entries.push_back({value, std::move(layer)});
  }
  return f.ok() ? std::make_unique<SequentialLayer>(placeOf(f, "layers"), std::move(entries))
                : nullptr;
}

LayerTable tez::blueprint::sequentialLayers() { return {{"Sequential", readSequential}}; }
