//===- Quantization.cpp - Which layers bear 8 bits ------------------------===//

#include "tez/Validate/Quantization.h"
#include "Trial.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Analysis/Cost.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Quantization.h"
#include "tez/Weights/KernelWeights.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

namespace {
using Inputs = std::vector<std::optional<interp::Tensor>>;
using Outputs = std::vector<interp::Tensor>;

/// A copy of the kernel that the interpreter takes, and where its ops went.
struct Copy {
  OwningOpRef<mlir::ModuleOp> module;
  IRMapping mapping;

  KernelOp kernel() { return *mlir::ModuleOp(*module).getOps<KernelOp>().begin(); }
};

struct Range {
  double low = 0, high = 0;

  void extend(const interp::Tensor &values) {
    for (double value : values.values()) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  operator std::pair<double, double>() const { return {low, high}; }
};

/// Of one layer; `output` behind its relu.
struct Ranges {
  Range input, output;
};

class Planner {
public:
  Planner(mlir::ModuleOp module, const WeightStore &weights, const QuantizationOptions &options)
      : module(module), kernel(*module.getOps<KernelOp>().begin()), weights(weights),
        options(options) {}

  FailureOr<QuantizationPlan> run();

private:
  LogicalResult checkWeights();
  LogicalResult readSamples();
  LogicalResult checkSample(unsigned call, ArrayRef<Sample> samples);
  LogicalResult drawSample();
  LogicalResult measureRanges();
  void setMeasured(ArrayRef<Ranges> ranges);
  void findCandidates();
  FailureOr<Outputs> evaluate(Copy &copy, const Inputs &inputs, bool rounds,
                              llvm::function_ref<void(const interp::Evaluation &)> look = {});
  FailureOr<double> dropWith(const llvm::DenseSet<Operation *> &inFloat);
  FailureOr<SmallVector<Operation *>> worstFirst();
  void warnOfNone(bool isBudget);
  FailureOr<QuantizationPlan> leastInFloat(ArrayRef<Operation *> order);
  QuantizationPlan finish(const llvm::DenseSet<Operation *> &inFloat, double drop);

  mlir::ModuleOp module;
  KernelOp kernel;
  const WeightStore &weights;
  const QuantizationOptions &options;
  std::vector<Inputs> calls;
  std::vector<Outputs> expected; ///< of each call
  SmallVector<Operation *> candidates;
  llvm::DenseSet<Operation *> unusable; ///< candidates whose ranges have no grid
};
} // namespace

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

static bool isFinite(const HostTensor &tensor) {
  return llvm::all_of(tensor.toDoubles(), [](double value) { return std::isfinite(value); });
}

LogicalResult Planner::checkWeights() {
  for (Operation &op : kernel.getBody().front())
    if (isa<ParamOp, BufferOp>(op))
      if (auto name = op.getAttrOfType<StringAttr>("name"); !isFinite(*weights.lookup(name)))
        return op.emitError() << name << " holds NaN or infinity: it has no form in 8 bits";
  return success();
}

LogicalResult Planner::checkSample(unsigned call, ArrayRef<Sample> samples) {
  InputShapes shapes;
  for (auto [type, sample] : llvm::zip(kernel.getArgumentTypes(), samples)) {
    Type element = tensorTypeOf(type).getElementType();
    if (dtypeOf(element) != sample.tensor.dtype())
      return kernel.emitError() << sample.name << " holds " << name(sample.tensor.dtype())
                                << ", the input takes " << element;
    if (sample.tensor.numElements() == 0)
      return kernel.emitError() << sample.name << " holds nothing";
    if (!isFinite(sample.tensor))
      return kernel.emitError() << sample.name
                                << " holds NaN or infinity: no range can be made of it";
    shapes.emplace_back(sample.tensor.shape().begin(), sample.tensor.shape().end());
  }
  if (!withInputShapes(kernel, shapes, /*report=*/true))
    return kernel.emitError() << "call " << call << " of the calibration does not fit the kernel";
  Inputs inputs;
  for (const Sample &sample : samples)
    inputs.push_back(interp::toTensor(sample.tensor));
  calls.push_back(std::move(inputs));
  return success();
}

LogicalResult Planner::drawSample() {
  std::optional<InputShapes> shapes = smallestShapes(kernel, 16);
  if (!shapes)
    return explainNoShapes(kernel, 16), failure();
  Inputs inputs;
  for (const auto &input : makeInputs(kernel, {.shapes = *shapes, .seed = options.seed}))
    inputs.push_back(interp::toTensor(*input));
  calls.push_back(std::move(inputs));
  return success();
}

LogicalResult Planner::readSamples() {
  size_t count = kernel.getNumArguments();
  if (options.samples.empty())
    return drawSample();
  if (options.samples.size() % count)
    return kernel.emitError() << "takes " << count << " inputs, but there are "
                              << options.samples.size() << " samples to calibrate with";
  for (size_t first = 0; first < options.samples.size(); first += count)
    if (failed(checkSample(first / count, ArrayRef(options.samples).slice(first, count))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

static Copy copyOf(mlir::ModuleOp module) {
  Copy copy;
  copy.module = cast<mlir::ModuleOp>(module->clone(copy.mapping));
  return copy;
}

/// Composites go, and with `quantize` layers become 8-bit.
static LogicalResult prepare(Copy &copy, bool quantize) {
  PassManager passes(copy.module->getContext());
  passes.enableVerifier(false);
  if (quantize)
    passes.addNestedPass<KernelOp>(createQuantizeWeights());
  passes.addNestedPass<KernelOp>(createDecomposeComposites());
  return passes.run(*copy.module);
}

FailureOr<Outputs> Planner::evaluate(Copy &copy, const Inputs &inputs, bool rounds,
                                     llvm::function_ref<void(const interp::Evaluation &)> look) {
  interp::Environment environment;
  environment.inputs = inputs;
  environment.state = [&](StringRef name) { return interp::toTensor(*weights.lookup(name)); };
  environment.rounds = rounds;
  std::unique_ptr<interp::Evaluation> evaluation = interp::evaluate(copy.kernel(), environment);
  if (!evaluation)
    return failure();
  if (look)
    look(*evaluation);
  return std::move(evaluation->outputs);
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// The candidate whose result `value` is, or the maxima of which.
static Operation *sourceOf(Value value) {
  while (auto pool = value.getDefiningOp<MaxPoolOp>())
    value = pool.getInput();
  auto relu = value.getDefiningOp<ActivationOp>();
  Operation *op = relu ? relu.getInput().getDefiningOp() : value.getDefiningOp();
  return op && (!relu || fusedRelu(op) == relu) ? op : nullptr;
}

/// One grid from a convolution to the next: images need not leave it in between.
void Planner::setMeasured(ArrayRef<Ranges> ranges) {
  llvm::DenseMap<Operation *, Range> outputs;
  for (auto [op, range] : llvm::zip(candidates, ranges)) {
    auto source = outputs.find(sourceOf(op->getOperand(0)));
    Range input = source == outputs.end() ? range.input : source->second;
    if (!isUsableRange(input) || (isa<ConvOp>(op) && !isUsableRange(range.output))) {
      unusable.insert(op);
      continue;
    }
    setRanges(op, input, range.output);
    if (isa<ConvOp>(op))
      outputs[op] = range.output;
  }
}

/// A convolution that was not measured stays as it is.
void Planner::findCandidates() {
  for (Operation &op : kernel.getBody().front())
    if (canQuantize(&op) && (isa<LinearOp>(op) || !options.samples.empty()))
      candidates.push_back(&op);
}

LogicalResult Planner::measureRanges() {
  Copy copy = copyOf(module);
  if (failed(prepare(copy, /*quantize=*/false)))
    return failure();
  std::vector<Ranges> ranges(candidates.size());
  auto look = [&](const interp::Evaluation &evaluation) {
    for (auto [op, range] : llvm::zip(candidates, ranges)) {
      Operation *twin = copy.mapping.lookup(op);
      ActivationOp relu = fusedRelu(twin);
      range.input.extend(evaluation.valueOf(twin->getOperand(0)));
      range.output.extend(
          evaluation.valueOf(relu ? Value(relu.getOutput()) : Value(twin->getResult(0))));
    }
  };
  for (const Inputs &inputs : calls) {
    FailureOr<Outputs> outputs = evaluate(copy, inputs, /*rounds=*/false, look);
    if (failed(outputs))
      return failure();
    expected.push_back(std::move(*outputs));
  }
  if (!options.samples.empty())
    setMeasured(ranges);
  return success();
}

//===----------------------------------------------------------------------===//
// The budget
//===----------------------------------------------------------------------===//

static double dropOf(const Outputs &found, const Outputs &expected) {
  double worst = 0;
  for (auto [output, want] : llvm::zip(found, expected)) {
    double error = 0, norm = 0;
    for (int64_t i = 0; i < want.size(); ++i) {
      error += (output[i] - want[i]) * (output[i] - want[i]);
      norm += want[i] * want[i];
    }
    worst = std::max(worst, norm > 0 ? std::sqrt(error / norm) : 0);
  }
  return worst;
}

FailureOr<double> Planner::dropWith(const llvm::DenseSet<Operation *> &inFloat) {
  Copy copy = copyOf(module);
  for (Operation *op : inFloat)
    keepFloat(copy.mapping.lookup(op));
  if (failed(prepare(copy, /*quantize=*/true)))
    return failure();
  double worst = 0;
  for (auto [inputs, want] : llvm::zip(calls, expected)) {
    FailureOr<Outputs> found = evaluate(copy, inputs, /*rounds=*/true);
    if (failed(found))
      return failure();
    worst = std::max(worst, dropOf(*found, want));
  }
  return worst;
}

/// By the drop that each causes alone.
FailureOr<SmallVector<Operation *>> Planner::worstFirst() {
  std::vector<std::pair<double, Operation *>> order;
  for (Operation *op : candidates) {
    llvm::DenseSet<Operation *> others(candidates.begin(), candidates.end());
    others.erase(op);
    FailureOr<double> drop = dropWith(others);
    if (failed(drop))
      return failure();
    order.emplace_back(*drop, op);
  }
  llvm::stable_sort(order, [](auto &a, auto &b) { return a.first > b.first; });
  return llvm::map_to_vector(order, [](auto &entry) { return entry.second; });
}

void Planner::warnOfNone(bool isBudget) {
  InFlightDiagnostic warning = kernel.emitWarning() << "nothing is multiplied in 8 bits: ";
  if (isBudget)
    warning << "each layer alone makes an error above the limit, " << options.maxDrop;
  else if (!kernel.getBody().getOps<ConvOp>().empty() && options.samples.empty())
    warning << "convolutions need samples (--calibrate)";
  else
    warning << "no layer has a constant fp32 weight of at least " << kLeastQuantized
            << " elements (a convolution: " << kLeastQuantized / 8 << ")";
}

QuantizationPlan Planner::finish(const llvm::DenseSet<Operation *> &inFloat, double drop) {
  QuantizationPlan plan;
  plan.drop = drop;
  for (Operation *op : candidates) {
    bool kept = inFloat.contains(op);
    if (kept)
      keepFloat(op);
    (kept ? plan.keptInFloat : plan.quantized).push_back(placeName(op->getLoc()));
  }
  if (plan.quantized.empty())
    warnOfNone(!candidates.empty());
  return plan;
}

FailureOr<QuantizationPlan> Planner::run() {
  findCandidates();
  if (failed(checkWeights()) || failed(readSamples()) || failed(measureRanges()))
    return failure();
  llvm::DenseSet<Operation *> inFloat = unusable;
  FailureOr<double> drop = dropWith(inFloat);
  if (failed(drop) || !(*drop > options.maxDrop))
    return failed(drop) ? FailureOr<QuantizationPlan>() : finish(inFloat, *drop);
  FailureOr<SmallVector<Operation *>> order = worstFirst();
  if (failed(order))
    return failure();
  return leastInFloat(*order);
}

/// The shortest beginning of the list that is enough, by bisection: each more in
/// fp32 makes less of an error, as a rule.
FailureOr<QuantizationPlan> Planner::leastInFloat(ArrayRef<Operation *> order) {
  auto inFloat = [&](size_t count) {
    llvm::DenseSet<Operation *> set = unusable;
    set.insert(order.begin(), order.begin() + count);
    return set;
  };
  size_t few = 0, enough = order.size();
  double drop = 0;
  while (enough - few > 1) {
    size_t middle = few + (enough - few) / 2;
    FailureOr<double> found = dropWith(inFloat(middle));
    if (failed(found))
      return failure();
    bool good = *found <= options.maxDrop;
    (good ? enough : few) = middle;
    drop = good ? *found : drop;
  }
  return finish(inFloat(enough), drop);
}

FailureOr<QuantizationPlan> tez::planQuantization(mlir::ModuleOp module, const WeightStore &weights,
                                                  const QuantizationOptions &options) {
  return Planner(module, weights, options).run();
}
