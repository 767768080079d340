//===- Interpreter.h - Evaluates esper kernels in fp64 ----------*- C++ -*-===//
//
// The oracle: independent of libtorch and of every lowering. One op after the
// other, on the functions of lib/Interpreter/core, whose tape gives the
// gradients. Composites are evaluated through their decomposition.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_INTERPRETER_INTERPRETER_H
#define TEZ_INTERPRETER_INTERPRETER_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Interpreter/Tape.h"
#include "tez/Support/RandomSource.h"
#include "llvm/ADT/StringMap.h"

namespace tez::interp {

/// What a kernel is evaluated with.
struct Environment {
  /// In order of the kernel's inputs; nullopt: the optional input is left out.
  /// Shapes may be any that the kernel's types admit at run time.
  std::vector<std::optional<Tensor>> inputs;
  /// The parameter or buffer of this name; asked once each.
  std::function<Tensor(llvm::StringRef name)> state;
  bool training = false;
  bool gradients = false;
  /// Needed when a random op draws; an error otherwise.
  RandomSource *random = nullptr;
  /// Of the element type that the kernel under comparison runs in: what a norm
  /// without an eps of its own adds. The default is that of f32.
  double machineEpsilon = 0x1p-23;
  /// Values of types narrower than f32 are rounded to them, and 8-bit ops round
  /// to their grids: a model of the errors of such a kernel. Without it the same
  /// kernel is evaluated as if its numbers had all their bits.
  bool rounds = false;
  /// Every element that an op computes is multiplied by 1 + perturbation * r, r
  /// uniform in [-1, 1): random arithmetic (Parker 1997, Monte Carlo arithmetic), by
  /// whose scatter one sees how much rounding of that size may do to a result.
  double perturbation = 0;
  uint64_t perturbationSeed = 0;
};

/// One evaluation and its tape.
class Evaluation {
public:
  explicit Evaluation(bool gradients) : tape(gradients) {}

  std::vector<Tensor> outputs;
  std::vector<std::pair<std::string, Tensor>> updates; ///< buffers after the call

  /// The value of any SSA tensor of the evaluated kernel (undefined Tensor when
  /// it was not computed, or stands inside a composite).
  Tensor valueOf(mlir::Value value) const;

  /// Runs backward from the outputs (an undefined upstream: no gradient), once.
  void backward(const std::vector<Tensor> &upstream);
  /// After backward; nullopt: not connected to any output.
  std::optional<Tensor> parameterGradient(llvm::StringRef name) const;
  std::optional<Tensor> inputGradient(unsigned index) const;

private:
  friend class Evaluator;
  Tape tape;
  llvm::DenseMap<mlir::Value, Variable> values;
  std::vector<Variable> results, inputs;
  llvm::StringMap<Variable> parameters;
};

/// Evaluates `kernel`, whose module must have no composites left
/// (esper-decompose-composites). Null after an error reported at the op, such
/// as shapes that do not fit or an op without an evaluator. One thread.
std::unique_ptr<Evaluation> evaluate(esper::KernelOp kernel, const Environment &environment);

/// Conversions at the border.
Tensor toTensor(const HostTensor &tensor);
HostTensor toHost(const Tensor &tensor, DType dtype);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_INTERPRETER_H
