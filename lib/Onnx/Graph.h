//===- Graph.h - An ONNX graph while it is made -----------------*- C++ -*-===//

#ifndef TEZ_LIB_ONNX_GRAPH_H
#define TEZ_LIB_ONNX_GRAPH_H

#include "Wire.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"
#include "tez/Support/HostTensor.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <variant>

namespace tez::onnx {

using Name = std::string; ///< of a tensor in the graph; empty: an input that is left out
using Names = llvm::SmallVector<Name>;

/// An attribute of a node.
struct Attribute {
  using Ints = llvm::SmallVector<int64_t>;
  using Texts = llvm::SmallVector<std::string>;
  llvm::StringRef name;
  std::variant<int64_t, float, std::string, Ints, Texts> value;

  Attribute(llvm::StringRef name, int64_t value) : name(name), value(value) {}
  Attribute(llvm::StringRef name, double value) : name(name), value(float(value)) {}
  Attribute(llvm::StringRef name, const char *value) : name(name), value(std::string(value)) {}
  Attribute(llvm::StringRef name, llvm::ArrayRef<int64_t> value) : name(name), value(Ints(value)) {}
  Attribute(llvm::StringRef name, Texts value) : name(name), value(std::move(value)) {}
};
using Attributes = llvm::ArrayRef<Attribute>;

/// Nodes in the order in which they are added, and the names of the kernel's values.
class Graph {
public:
  //===--------------------------------------------------------------------===//
  // Nodes. Each returns the names of its results.
  //===--------------------------------------------------------------------===//

  Names nodes(llvm::StringRef type, llvm::ArrayRef<Name> inputs, Attributes attributes,
              unsigned results);
  Name node(llvm::StringRef type, llvm::ArrayRef<Name> inputs, Attributes attributes = {}) {
    return nodes(type, inputs, attributes, 1).front();
  }

  /// An fp32 number, or numbers of a shape; 64-bit integers. Equal constants share a name.
  Name number(double value);
  Name numbers(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values);
  Name integers(llvm::ArrayRef<int64_t> values);
  Name integer(int64_t value);

  //===--------------------------------------------------------------------===//
  // What several operations are made of
  //===--------------------------------------------------------------------===//

  Name add(Name a, Name b) { return node("Add", {a, b}); }
  Name subtract(Name a, Name b) { return node("Sub", {a, b}); }
  Name multiply(Name a, Name b) { return node("Mul", {a, b}); }
  Name divide(Name a, Name b) { return node("Div", {a, b}); }
  Name cast(Name x, DType to);
  Name where(Name condition, Name a, Name b) { return node("Where", {condition, a, b}); }
  Name transpose(Name x, llvm::ArrayRef<int64_t> order) {
    return node("Transpose", {x}, {{"perm", order}});
  }
  /// 0 in `shape`: as the input has it; -1: what is left.
  Name reshape(Name x, llvm::ArrayRef<int64_t> shape) {
    return node("Reshape", {x, integers(shape)});
  }
  /// ReduceMean, ReduceSum, ...; no axes: all of them.
  Name reduce(llvm::StringRef type, Name x, llvm::ArrayRef<int64_t> axes, bool keep);
  /// (x - mean) / sqrt(var + eps) over `axes`, with the variance of the population.
  Name standardize(Name x, llvm::ArrayRef<int64_t> axes, double eps);
  /// x * weight + bias, each absent (a null name) or of a shape that broadcasts.
  Name affine(Name x, Name weight, Name bias);

  //===--------------------------------------------------------------------===//
  // Values of the kernel
  //===--------------------------------------------------------------------===//

  Name operator()(mlir::Value value) const { return value ? names.lookup(value) : Name(); }
  /// The last of the value's names counts.
  void set(mlir::Value value, Name name) { names[value] = std::move(name); }
  /// No node takes this name.
  void reserve(llvm::StringRef name) { taken.insert(name); }
  /// A tensor of state; its name is kept as it is.
  void addInitializer(llvm::StringRef name, const HostTensor &tensor);
  void addInput(llvm::StringRef name, mlir::RankedTensorType type);
  /// A copy of `value` under this name.
  void addOutput(llvm::StringRef name, mlir::Value value);

  size_t size() const { return graph.size(); } ///< bytes so far
  /// The ModelProto.
  std::string take(llvm::StringRef name);

private:
  /// "Conv", "Conv_1", ...: not the name of state, an input or an output.
  Name fresh(llvm::StringRef type);
  Name constant(const HostTensor &tensor);

  Message graph; ///< GraphProto
  llvm::StringMap<unsigned> counters;
  llvm::StringSet<> taken;
  llvm::StringMap<Name> constants; ///< by content
  llvm::DenseMap<mlir::Value, Name> names;
};

} // namespace tez::onnx

#endif // TEZ_LIB_ONNX_GRAPH_H
