//===- Trace.h - The calls that forward makes in one mode -------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_EXPORT_TRACE_H
#define TEZ_LIB_TORCH_EXPORT_TRACE_H

#include "../GraphBuilder.h"
#include "Shapes.h"
#include "tez/Torch/Program.h"
#include <deque>
#include <variant>

namespace tez::program {

// What an argument of a call refers to. A c10::IValue: a number, text, list of numbers or None.
struct Tensor {
  std::string name;
};
struct TensorList {
  std::vector<std::string> names;
};
struct SymbolicInt {
  std::string name;
};
using IntElement = std::variant<int64_t, SymbolicInt>;
using IntList = std::vector<IntElement>; ///< of which some are symbolic
using Reference = std::variant<c10::IValue, Tensor, TensorList, SymbolicInt, IntList>;

/// One operator call.
struct Call {
  const c10::FunctionSchema *schema;
  std::vector<Reference> arguments; ///< all of the schema's
  std::vector<Reference> results;   ///< Tensor, TensorList or SymbolicInt
};

/// A parameter or buffer.
struct State {
  std::string name;     ///< in the state dict
  std::string argument; ///< of the graph
  at::Tensor value;
  Meta meta;
  bool isParameter;
};

/// An exported program before it is written down.
struct Program {
  std::vector<State> state;        ///< in the order of the module
  std::vector<std::string> inputs; ///< names in the graph
  std::vector<std::string> outputs;
  std::vector<Call> calls;
  std::deque<std::pair<std::string, Meta>> tensors; ///< every tensor of the graph
  std::vector<std::pair<std::string, Size>> sizes;  ///< every symbolic integer of it
};

/// Runs forward with each sample at a time, call by call, and notes the calls. What depends on the
/// mode, on inputs that are left out and on ranks is decided on the way. nullopt after an error at
/// the op that has no form; throws what torch throws.
std::optional<Program> trace(ts::ModuleOp module, const WeightStore &weights,
                             const ProgramRequest &request);

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_TRACE_H
