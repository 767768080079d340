//===- Thing.h - What an expression of the text stands for ------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_LOGIC_THING_H
#define TEZ_LIB_BLUEPRINT_LOGIC_THING_H

#include "../Layers/Support.h"
#include "../Python/Syntax.h"
#include "tez/Json/Document.h"

namespace tez::blueprint::logic {

enum class Is : uint8_t {
  Nothing,  ///< after an error, or a name that only one branch gave a value
  None,     //
  Bool,     ///< integer
  Int,      ///< integer
  Float,    ///< number
  String,   ///< text
  List,     ///< elements; tuples too
  Dict,     ///< elements: key, value, key, value ...
  Tensor,   ///< value; text: the buffer that it is, if it is one
  Given,    ///< value: an input that the caller may leave out
  Flag,     ///< value (i1): a mode, or whether an input is given; integer: is it inverted
  Size,     ///< dimension `integer` of `value`, known at run time
  DType,    ///< integer: kFloat32, or kInteger and the bits
  Device,   //
  Module,   ///< module
  Self,     //
  Names,    ///< text: torch, torch.nn ...
  Function, ///< text: its name; elements[0]: the tensor whose method it is
  Method,   ///< method: of the class
  Initial,  ///< initial: a tensor that __init__ makes
  Sparse,   ///< sparse
};

inline constexpr int64_t kFloat32 = 32, kInteger = 100;

/// Numbers that a parameter or buffer starts from.
struct Initial {
  std::vector<int64_t> shape;
  esper::InitKind kind = esper::InitKind::Constant;
  double a = 0, b = 0;
  mlir::Type element; ///< null: f32
  bool isParameter = false;
};

/// A submodule: a layer of the closed list, or a container of others.
struct Module {
  std::string name; ///< of the class
  std::string path; ///< empty until it is assigned
  std::shared_ptr<json::Source> source;
  std::shared_ptr<json::Document> arguments;
  std::shared_ptr<Layer> layer;
  std::vector<std::shared_ptr<Module>> children;
  std::vector<std::string> names; ///< of the children; empty: their numbers
  bool isSequential = false;
};

/// One number for each index that occurs in `indices`, which is how often
/// depends on values. `dense(n)` has a number for each of the n indices there are.
struct Sparse {
  mlir::Value indices;
  bool isIndices = false;
  std::function<mlir::Value(int64_t count)> dense;
};

struct Thing {
  Is kind = Is::Nothing;
  int64_t integer = 0;
  double number = 0;
  std::string text = {};
  mlir::Value value = {};
  std::shared_ptr<std::vector<Thing>> elements = {};
  std::shared_ptr<Module> module = {};
  std::shared_ptr<Initial> initial = {};
  std::shared_ptr<Sparse> sparse = {};
  const python::Stmt *method = nullptr;
  bool counted = false; ///< a size asked for by the number of its dimension from the left

  bool is(Is wanted) const { return kind == wanted; }
  bool isNumber() const { return is(Is::Int) || is(Is::Float) || is(Is::Bool); }
  double asDouble() const { return is(Is::Float) ? number : double(integer); }

  static Thing none() { return {.kind = Is::None}; }
  static Thing boolean(bool value) { return {.kind = Is::Bool, .integer = value}; }
  static Thing whole(int64_t value) { return {.kind = Is::Int, .integer = value}; }
  static Thing real(double value) { return {.kind = Is::Float, .number = value}; }
  static Thing string(std::string value) { return {.kind = Is::String, .text = std::move(value)}; }
  static Thing tensor(mlir::Value value) { return {.kind = Is::Tensor, .value = value}; }
  static Thing list(std::vector<Thing> values) {
    return {.kind = Is::List, .elements = std::make_shared<std::vector<Thing>>(std::move(values))};
  }
  static Thing names(std::string value) { return {.kind = Is::Names, .text = std::move(value)}; }
  static Thing function(std::string name) {
    return {.kind = Is::Function, .text = std::move(name)};
  }
};

using Things = std::vector<Thing>;

/// "a tensor", "the number 3" ... for messages.
std::string describe(const Thing &thing);

} // namespace tez::blueprint::logic

#endif // TEZ_LIB_BLUEPRINT_LOGIC_THING_H
