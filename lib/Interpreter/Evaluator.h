//===- Evaluator.h - What an op's evaluation may ask ------------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_EVALUATOR_H
#define TEZ_LIB_INTERPRETER_EVALUATOR_H

#include "tez/Interpreter/Functions.h"
#include "tez/Interpreter/Interpreter.h"
#include <random>

namespace tez::interp {

/// One evaluation under way. Ops are those of the copy whose types are all
/// static; values are kept by them.
class Evaluator {
public:
  Evaluator(const Environment &environment, bool gradients)
      : environment(environment), noise(environment.perturbationSeed),
        result(std::make_unique<Evaluation>(gradients)) {}

  /// Evaluates `kernel`; `concrete` is its copy of static shapes.
  mlir::LogicalResult run(esper::KernelOp kernel, esper::KernelOp concrete);
  std::unique_ptr<Evaluation> take() { return std::move(result); }

  /// The value of an operand; undefined for an absent optional one.
  Variable operator()(mlir::Value value) const { return value ? values.lookup(value) : Variable(); }
  void set(mlir::Value value, Variable variable) { values[value] = std::move(variable); }

  /// An i1 operand.
  bool flag(mlir::Value value) const;

  double machineEpsilon() const { return environment.machineEpsilon; }
  bool rounds() const { return environment.rounds; }

  /// The next numbers of the random stream; an undefined Tensor after an error.
  Tensor draw(mlir::Operation *op, RandomRequest::Kind kind, const Shape &shape, double p);
  Tensor draw(mlir::Operation *op, const RandomRequest &request);

private:
  mlir::LogicalResult evaluateOp(mlir::Operation &op);
  mlir::LogicalResult computeResults(mlir::Operation &op);
  void roundResults(mlir::Operation &op);
  void perturbResults(mlir::Operation &op);
  Variable bindState(llvm::StringRef name, bool trained);
  void bindInputs(esper::KernelOp concrete);
  void finish(esper::KernelOp kernel, esper::KernelOp concrete);

  const Environment &environment;
  std::mt19937_64 noise;
  std::unique_ptr<Evaluation> result;
  llvm::DenseMap<mlir::Value, Variable> values;
};

/// Evaluates one op: sets all its results. Errors are reported at the op.
using EvaluateOp = std::function<mlir::LogicalResult(mlir::Operation *op, Evaluator &evaluator)>;
using EvaluatorTable = llvm::StringMap<EvaluateOp>;

/// Adds a row for `Op`: `function` returns the value of its only result.
template <typename Op, typename Function> void addRow(EvaluatorTable &table, Function function) {
  table[Op::getOperationName()] = [function](mlir::Operation *op, Evaluator &evaluator) {
    evaluator.set(op->getResult(0), function(mlir::cast<Op>(op), evaluator));
    return mlir::success();
  };
}

/// The same for an op with several results or errors of its own.
template <typename Op>
void addRows(EvaluatorTable &table, mlir::LogicalResult (*function)(Op, Evaluator &)) {
  table[Op::getOperationName()] = [function](mlir::Operation *op, Evaluator &evaluator) {
    return function(mlir::cast<Op>(op), evaluator);
  };
}

// One function for each group of ops.
void addArithmetic(EvaluatorTable &table);
void addActivations(EvaluatorTable &table);
void addChoice(EvaluatorTable &table);
void addConvolutions(EvaluatorTable &table);
void addNorms(EvaluatorTable &table);
void addPrecision(EvaluatorTable &table);
void addRandom(EvaluatorTable &table);
void addRecurrent(EvaluatorTable &table);
void addRouting(EvaluatorTable &table);
void addShapes(EvaluatorTable &table);

/// The static shape of a value of the concrete kernel.
inline Shape shapeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape().vec();
}
inline std::vector<int64_t> vec(llvm::ArrayRef<int64_t> values) { return values.vec(); }

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_EVALUATOR_H
