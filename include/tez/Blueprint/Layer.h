//===- Layer.h - torch.nn modules as blueprints name them -------*- C++ -*-===//
//
// Two phases: reading the constructor arguments (every fault reported, nothing
// built), then building into a NetBuilder. The forms share all layers: the
// op_type `linear` of a graph, a `{type: "Linear"}` of a Sequential and the
// `linear` architecture make the same Linear.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_BLUEPRINT_LAYER_H
#define TEZ_BLUEPRINT_LAYER_H

#include "tez/Blueprint/NetBuilder.h"
#include "tez/Json/Fields.h"
#include <memory>

namespace tez::blueprint {

/// An input of forward. A null type: any shape.
struct Input {
  std::string name = "input";
  mlir::RankedTensorType type;
  bool optional = false;
  /// The full shape that the blueprint speaks of, -1 for the batch, where the
  /// type leaves more open ("declared 32x32, any at run time"); else empty. It
  /// becomes the argument attribute `esper.declared_shape`.
  llvm::SmallVector<int64_t> declared = {};
  /// The parameter of torch's forward that it is, where that is not `name`: several inputs of one
  /// parameter are a tuple there, as the states `hx` of an LSTM.
  std::string parameter = {};

  const std::string &parameterName() const { return parameter.empty() ? name : parameter; }
};

using Values = llvm::SmallVector<mlir::Value>;

/// How torch returns what Layer::build gives as a list: the last `tuple` results as one tuple, and
/// `nones` times None behind them.
struct ReturnForm {
  size_t tuple = 0, nones = 0;
};

class Layer {
public:
  virtual ~Layer() = default;

  /// The tensor inputs of forward that a caller must or may pass. The default
  /// is one input of any shape.
  virtual std::vector<Input> inputs(mlir::MLIRContext *context) const { return {Input{}}; }

  /// Operands of forward behind inputs(), all of them optional: masks, of which only a graph tells
  /// whether they are numbers or booleans. A layer that has some takes null for whatever is left
  /// out behind minInputs().
  virtual std::vector<std::string> masks() const { return {}; }

  /// The parameters of torch's forward in its order, for calls in a text: those of inputs(),
  /// masks(), and flags, which are booleans known before the call.
  virtual std::vector<std::string> parameters(mlir::MLIRContext *context) const;

  /// The layer that a call with `flag` makes of this one; null where that is no layer here.
  virtual std::unique_ptr<Layer> withFlag(llvm::StringRef flag, bool value) const {
    return nullptr;
  }

  virtual ReturnForm returns() const { return {}; }

  /// What the input must look like so that the output is `output`; null when
  /// the layer cannot tell. Lets a Sequential that begins with, say, an
  /// activation or Flatten take its input type from the layers behind.
  virtual mlir::RankedTensorType inputFor(mlir::RankedTensorType output) const { return {}; }

  /// Builds the layer with state below `path` ("0", "layers.fc", "" for the
  /// kernel itself). The results in torch's order, flattened; an empty list
  /// after an error. `inputs` has as many values as the caller connects;
  /// minInputs() <= size <= maxInputs(), or up to masks().size() more.
  virtual Values build(NetBuilder &net, llvm::StringRef path, mlir::ValueRange inputs) const = 0;

  /// How many inputs must be connected.
  virtual size_t minInputs() const { return 1; }

  /// How many may be. More than inputs() tells only where there is no bound.
  virtual size_t maxInputs(mlir::MLIRContext *context) const { return inputs(context).size(); }
};

using LayerReader = std::unique_ptr<Layer> (*)(json::Fields &fields);

/// The reader of the torch.nn class `name` ("Linear"), null when it is not on
/// the closed list. A reader reads every field and does not call finish();
/// it returns null when fields are at fault (they have been reported).
LayerReader findLayer(llvm::StringRef name);

/// The class on the list whose name is nearest, for "did you mean".
std::string nearestLayer(llvm::StringRef name);

/// All names on the list, sorted.
std::vector<std::string> layerNames();

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYER_H
