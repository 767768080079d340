//===- Interpreter.cpp - Evaluates a kernel op by op ----------------------===//

#include "Evaluator.h"
#include "MemoryOrder.h"
#include "Rounding.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

static const EvaluatorTable &evaluatorTable() {
  static const EvaluatorTable table = [] {
    EvaluatorTable rows;
    for (auto add : {addArithmetic, addActivations, addConvolutions, addNorms, addRandom,
                     addPrecision, addRecurrent, addRouting, addShapes, addChoice})
      add(rows);
    return rows;
  }();
  return table;
}

//===----------------------------------------------------------------------===//
// Evaluator
//===----------------------------------------------------------------------===//

bool Evaluator::flag(Value value) const {
  if (auto known = value.getDefiningOp<FlagOp>())
    return known.getValue();
  if (auto given = value.getDefiningOp<IsGivenOp>())
    return values.lookup(given.getInput()).defined();
  return environment.training;
}

Tensor Evaluator::draw(Operation *op, const RandomRequest &request) {
  if (environment.random)
    return toTensor(environment.random->draw(request));
  op->emitOpError("draws random numbers, but the interpreter was given no source of them");
  return {};
}

Tensor Evaluator::draw(Operation *op, RandomRequest::Kind kind, const Shape &shape, double p) {
  // A recurrent layer drops between its own steps, which are row-major.
  std::vector<int64_t> order;
  if (isa<DropoutOp, NoiseOp>(op))
    order = memoryOrder(op->getOperand(0));
  return draw(op, {kind, shape, p, order});
}

Variable Evaluator::bindState(StringRef name, bool trained) {
  Tensor tensor = environment.state(name);
  if (!trained)
    return tensor;
  return result->parameters[name] = result->tape.leaf(std::move(tensor));
}

void Evaluator::bindInputs(KernelOp concrete) {
  for (auto [i, argument] : llvm::enumerate(concrete.getArguments())) {
    Variable variable;
    bool floating = isa<FloatType>(tensorTypeOf(argument.getType()).getElementType());
    if (environment.inputs[i])
      variable =
          floating ? result->tape.leaf(*environment.inputs[i]) : Variable(*environment.inputs[i]);
    result->inputs.push_back(variable);
    set(argument, variable);
  }
}

LogicalResult Evaluator::computeResults(Operation &op) {
  if (auto param = dyn_cast<ParamOp>(op))
    return set(param, bindState(param.getName(), true)), success();
  if (auto buffer = dyn_cast<BufferOp>(op))
    return set(buffer, bindState(buffer.getName(), false)), success();
  if (isa<TrainingOp, FlagOp, IsGivenOp>(op))
    return success();
  auto found = evaluatorTable().find(op.getName().getStringRef());
  if (found == evaluatorTable().end())
    return op.emitOpError("has no evaluator");
  return found->second(&op, *this);
}

/// State is perturbed as well: what is folded into weights is rounded with them.
LogicalResult Evaluator::evaluateOp(Operation &op) {
  if (failed(computeResults(op)))
    return failure();
  if (environment.rounds)
    roundResults(op);
  if (environment.perturbation > 0)
    perturbResults(op);
  return success();
}

void Evaluator::roundResults(Operation &op) {
  for (Value result : op.getResults())
    if (auto type = dyn_cast<RankedTensorType>(result.getType());
        type && isNarrow(type.getElementType()))
      set(result, roundTo(type.getElementType(), (*this)(result)));
}

void Evaluator::perturbResults(Operation &op) {
  for (Value result : op.getResults())
    if (auto type = dyn_cast<RankedTensorType>(result.getType());
        type && isa<FloatType>(type.getElementType()))
      set(result, perturb((*this)(result), environment.perturbation, noise));
}

void Evaluator::finish(KernelOp kernel, KernelOp concrete) {
  ReturnOp last = concrete.getReturn();
  for (Value value : last.getResults()) {
    result->results.push_back((*this)(value));
    result->outputs.push_back(result->results.back().value());
  }
  for (auto [name, value] : llvm::zip(last.getUpdateNames(), last.getUpdates()))
    result->updates.emplace_back(cast<StringAttr>(name).str(), (*this)(value).value());
  // Values are asked for by the caller's kernel.
  for (auto [from, to] : llvm::zip(kernel.getArguments(), concrete.getArguments()))
    result->values[from] = values.lookup(to);
  for (auto [original, copy] : llvm::zip(kernel.getBody().front(), concrete.getBody().front()))
    for (auto [from, to] : llvm::zip(original.getResults(), copy.getResults()))
      result->values[from] = values.lookup(to);
}

LogicalResult Evaluator::run(KernelOp kernel, KernelOp concrete) {
  bindInputs(concrete);
  for (Operation &op : concrete.getBody().front().without_terminator())
    if (failed(evaluateOp(op)))
      return failure();
  finish(kernel, concrete);
  return success();
}

//===----------------------------------------------------------------------===//
// Public interface
//===----------------------------------------------------------------------===//

static FailureOr<InputShapes> shapesOf(KernelOp kernel, const Environment &environment) {
  if (environment.inputs.size() != kernel.getNumArguments())
    return kernel.emitOpError() << "takes " << kernel.getNumArguments() << " inputs, found "
                                << environment.inputs.size();
  InputShapes shapes;
  for (auto [type, input] : llvm::zip(kernel.getArgumentTypes(), environment.inputs)) {
    if (input)
      shapes.emplace_back(input->shape().begin(), input->shape().end());
    else
      shapes.emplace_back(tensorTypeOf(type).getShape());
  }
  return shapes;
}

std::unique_ptr<Evaluation> tez::interp::evaluate(KernelOp kernel, const Environment &environment) {
  FailureOr<InputShapes> shapes = shapesOf(kernel, environment);
  if (failed(shapes))
    return nullptr;
  OwningOpRef<ModuleOp> concrete = withInputShapes(kernel, *shapes, /*report=*/true);
  if (!concrete)
    return nullptr;
  Evaluator evaluator(environment, environment.gradients);
  if (failed(evaluator.run(kernel, *concrete->getOps<KernelOp>().begin())))
    return nullptr;
  return evaluator.take();
}

Tensor Evaluation::valueOf(Value value) const { return values.lookup(value).value(); }

void Evaluation::backward(const std::vector<Tensor> &upstream) {
  std::vector<std::pair<Variable, Tensor>> roots;
  for (auto [output, gradient] : llvm::zip(results, upstream))
    if (gradient.defined())
      roots.emplace_back(output, gradient);
  tape.backward(roots);
}

std::optional<Tensor> Evaluation::parameterGradient(StringRef name) const {
  auto found = parameters.find(name);
  return found == parameters.end() ? std::nullopt : tape.gradient(found->second);
}

std::optional<Tensor> Evaluation::inputGradient(unsigned index) const {
  return inputs[index].tracked() ? tape.gradient(inputs[index]) : std::nullopt;
}

Tensor tez::interp::toTensor(const HostTensor &tensor) {
  std::vector<double> values = tensor.toDoubles();
  return Tensor(tensor.shape(), values);
}

HostTensor tez::interp::toHost(const Tensor &tensor, DType dtype) {
  std::vector<double> values(tensor.values().begin(), tensor.values().end());
  return HostTensor::fromDoubles(dtype, tensor.shape(), values);
}
