//===- Support.h - What the torch.nn layers are written with ----*- C++ -*-===//
//
// Private to lib/Blueprint/Layers.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_BLUEPRINT_LAYERS_SUPPORT_H
#define TEZ_BLUEPRINT_LAYERS_SUPPORT_H

#include "tez/Blueprint/Layer.h"
#include "llvm/ADT/STLExtras.h"

namespace tez::blueprint {

inline constexpr int64_t kAnySize = mlir::ShapedType::kDynamic;

/// A class of the closed list.
struct LayerRow {
  std::string_view name;
  LayerReader read;
};
using LayerTable = std::vector<LayerRow>;

// The parts of the closed list, one a file.
LayerTable activationLayers();
LayerTable attentionLayers();
LayerTable channelNormLayers();
LayerTable convolutionLayers();
LayerTable dropoutLayers();
LayerTable embeddingLayers();
LayerTable linearLayers();
LayerTable paddingLayers();
LayerTable poolingLayers();
LayerTable recurrentLayers();
LayerTable sequentialLayers();
LayerTable shapeLayers();
LayerTable shapedNormLayers();
LayerTable softmaxLayers();
LayerTable transformerLayers();
LayerTable upsampleLayers();

/// The table of classes that differ only in numbers: `Rows` is an array of
/// them with static storage, each with a `name`; `read(fields, row)` reads one.
template <auto &Rows, auto Read> LayerTable tableOf() {
  return []<size_t... I>(std::index_sequence<I...>) {
    return LayerTable{{Rows[I].name, [](json::Fields &f) { return Read(f, Rows[I]); }}...};
  }(std::make_index_sequence<std::size(Rows)>());
}

using LayerPtr = std::unique_ptr<Layer>;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// `device` and `dtype`, which torch's constructors of modules with state take.
void refuseFactoryArguments(json::Fields &fields);

/// `inplace`: an optimisation that changes no result.
inline void ignoreInplace(json::Fields &fields) { (void)fields.booleanOr("inplace", false); }

/// Where the field stands; the object when it is left to its default.
json::Value placeOf(json::Fields &fields, std::string_view name);

/// An error at `name` unless `value` is a multiple of `divisor`; `what` names
/// `value`. False after an error, or when one of them is missing.
bool checkDivides(json::Fields &fields, std::string_view name, std::optional<int64_t> divisor,
                  std::string_view what, std::optional<int64_t> value);

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

/// While it lives, ops are located at `place`.
class At {
public:
  At(NetBuilder &net, const json::Value &place) : net(net), before(net.loc()) {
    net.at(locationOf(net.context(), place));
  }
  ~At() { net.at(before); }
  At(const At &) = delete;
  At &operator=(const At &) = delete;

private:
  NetBuilder &net;
  mlir::Location before;
};

/// The first result of an op that may have been refused.
inline mlir::Value resultOf(mlir::Operation *op) { return op ? op->getResult(0) : mlir::Value(); }

/// Creates an op and returns its first result, null after an error.
template <typename Op, typename... Args> mlir::Value make(NetBuilder &net, Args &&...args) {
  Op op = net.create<Op>(std::forward<Args>(args)...);
  return op ? op->getResult(0) : mlir::Value();
}

inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}

/// A type of f32 elements; kAnySize is a size known at run time.
mlir::RankedTensorType floats(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> sizes);

/// (batch, channels, then `spatial` sizes known at run time).
mlir::RankedTensorType image(mlir::MLIRContext *context, int64_t channels, int64_t spatial);

/// `type` with another size for one dimension (from the right when negative);
/// `type` itself when it has no such dimension.
mlir::RankedTensorType resized(mlir::RankedTensorType type, int64_t dim, int64_t size);

/// `type` with its dimensions from the third on known at run time.
mlir::RankedTensorType anySpatial(mlir::RankedTensorType type);

/// What two sources say about one input. They are merged size by size; where
/// they contradict each other, `strong` counts. Either may be null.
mlir::RankedTensorType mergeTypes(mlir::RankedTensorType strong, mlir::RankedTensorType weak);

/// The tensor in an input that the caller may leave out, or `fallback()`.
mlir::Value valueOr(NetBuilder &net, mlir::Value input, llvm::function_ref<mlir::Value()> fallback);

/// Null after an error, at the current location, when the rank of `value` is
/// none of `ranks`.
mlir::Value requireRank(NetBuilder &net, mlir::Value value, llvm::ArrayRef<int64_t> ranks,
                        std::string_view layer);

/// Applies `function` to `input` as a batch of one when it has rank `rank` - 1,
/// as torch does with an input without a batch dimension.
mlir::Value asBatch(NetBuilder &net, mlir::Value input, int64_t rank,
                    llvm::function_ref<mlir::Value(mlir::Value)> function);

//===----------------------------------------------------------------------===//
// Layers of one input and one result
//===----------------------------------------------------------------------===//

class UnaryLayer : public Layer {
public:
  Values build(NetBuilder &net, llvm::StringRef path, mlir::ValueRange inputs) const final;

  /// Most of them keep the shape.
  mlir::RankedTensorType inputFor(mlir::RankedTensorType output) const override { return output; }

protected:
  /// Ops are located at `place`, the field on which the shapes depend most.
  explicit UnaryLayer(const json::Value &place) : place(place) {}

  /// Null after an error.
  virtual mlir::Value apply(NetBuilder &net, llvm::StringRef path, mlir::Value input) const = 0;

  json::Value place;
};

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYERS_SUPPORT_H
