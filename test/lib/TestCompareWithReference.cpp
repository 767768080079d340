//===- TestCompareWithReference.cpp - Has a pass kept the numbers? --------===//

#include "TestPasses.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Interpreter/Interpreter.h"
#include "tez/Weights/Initializer.h"
#include "tez/Weights/KernelWeights.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Both sides compute in fp64: they differ by the order of sums.
static constexpr double tolerance = 1e-9;

namespace {
/// The same draws for both sides: number i of a call hangs on (call, i) alone.
class CountingSource : public RandomSource {
public:
  HostTensor draw(const RandomRequest &request) override {
    std::string stream = "draw " + std::to_string(calls++);
    if (request.kind == RandomRequest::Normal)
      return initialize({InitSpec::Normal, 0, 1}, DType::f64, request.shape, 0, stream);
    HostTensor drawn = initialize({InitSpec::Uniform, 0, 1}, DType::f64, request.shape, 0, stream);
    std::vector<double> values = drawn.toDoubles();
    bool scaled =
        request.kind == RandomRequest::Dropout || request.kind == RandomRequest::FeatureDropout;
    for (double &value : values)
      value = value < request.p ? 0 : scaled ? 1 / (1 - request.p) : 1;
    return HostTensor::fromDoubles(DType::f64, request.shape, values);
  }

private:
  unsigned calls = 0;
};

/// Evaluates both kernels on one set of random numbers and compares.
class Comparison {
public:
  Comparison(KernelOp kernel, KernelOp reference, bool training, bool withGradients)
      : kernel(kernel), reference(reference), weights(initialWeights(reference, 0)),
        training(training), withGradients(withGradients) {}

  LogicalResult run();

private:
  std::unique_ptr<interp::Evaluation> evaluate(KernelOp op, const InputShapes &shapes);
  LogicalResult one(const Twine &what, const interp::Tensor &found, const interp::Tensor &expected);
  LogicalResult gradients(interp::Evaluation &found, interp::Evaluation &expected);

  KernelOp kernel, reference;
  WeightStore weights;
  bool training, withGradients;
};
} // namespace

static interp::Tensor randomTensor(const std::string &name, interp::Shape shape, bool floating) {
  InitSpec spec{floating ? InitSpec::Normal : InitSpec::Constant, 0, 1};
  return interp::toTensor(initialize(spec, DType::f64, std::move(shape), 0, name));
}

std::unique_ptr<interp::Evaluation> Comparison::evaluate(KernelOp op, const InputShapes &shapes) {
  interp::Environment environment;
  for (auto [i, type] : llvm::enumerate(reference.getArgumentTypes()))
    environment.inputs.push_back(randomTensor("input " + std::to_string(i),
                                              interp::Shape(shapes[i].begin(), shapes[i].end()),
                                              isa<FloatType>(tensorTypeOf(type).getElementType())));
  environment.state = [&](StringRef name) { return interp::toTensor(*weights.lookup(name)); };
  environment.training = training;
  environment.gradients = true;
  CountingSource random;
  environment.random = &random;
  std::unique_ptr<interp::Evaluation> evaluation = interp::evaluate(op, environment);
  if (!evaluation)
    return nullptr;
  std::vector<interp::Tensor> upstream;
  for (const interp::Tensor &output : evaluation->outputs)
    upstream.push_back(
        randomTensor("upstream " + std::to_string(upstream.size()), output.shape(), true));
  evaluation->backward(upstream);
  return evaluation;
}

LogicalResult Comparison::one(const Twine &what, const interp::Tensor &found,
                              const interp::Tensor &expected) {
  if (found.shape() != expected.shape())
    return kernel.emitError() << what << " differs from the reference in shape";
  for (int64_t i = 0; i < expected.size(); ++i) {
    bool bothNan = std::isnan(found[i]) && std::isnan(expected[i]);
    bool close = std::fabs(found[i] - expected[i]) <= tolerance * (1 + std::fabs(expected[i]));
    if (!close && !bothNan && found[i] != expected[i])
      return kernel.emitError() << what << " differs from the reference: element " << i << " is "
                                << found[i] << ", expected " << expected[i];
  }
  return success();
}

/// A gradient that is not there counts as zeros.
LogicalResult Comparison::gradients(interp::Evaluation &found, interp::Evaluation &expected) {
  auto compareOne = [&](const Twine &what, std::optional<interp::Tensor> left,
                        std::optional<interp::Tensor> right) -> LogicalResult {
    if (!left && !right)
      return success();
    interp::Tensor zeros((left ? left : right)->shape());
    return one(what, left.value_or(zeros), right.value_or(zeros));
  };
  for (unsigned i = 0; i < reference.getNumArguments(); ++i)
    if (failed(compareOne("the gradient of input " + Twine(i), found.inputGradient(i),
                          expected.inputGradient(i))))
      return failure();
  for (auto param : reference.getBody().getOps<ParamOp>())
    if (failed(compareOne("the gradient of '" + param.getName() + "'",
                          found.parameterGradient(param.getName()),
                          expected.parameterGradient(param.getName()))))
      return failure();
  return success();
}

LogicalResult Comparison::run() {
  std::optional<InputShapes> shapes = smallestShapes(reference, 3);
  if (!shapes)
    return kernel.emitError("no input shape fits the reference");
  std::unique_ptr<interp::Evaluation> expected = evaluate(reference, *shapes);
  std::unique_ptr<interp::Evaluation> found = evaluate(kernel, *shapes);
  if (!found || !expected)
    return failure();
  for (auto [i, output] : llvm::enumerate(expected->outputs))
    if (failed(one("output " + Twine(i), found->outputs[i], output)))
      return failure();
  llvm::StringMap<interp::Tensor> updates;
  for (const auto &[name, value] : found->updates)
    updates[name] = value;
  for (const auto &[name, value] : expected->updates) {
    // A buffer that is no longer updated keeps its value.
    auto now = updates.find(name);
    if (failed(one("buffer '" + name + "'",
                   now == updates.end() ? interp::toTensor(*weights.lookup(name)) : now->second,
                   value)))
      return failure();
  }
  return withGradients ? gradients(*found, *expected) : success();
}

namespace {
struct TestCompareWithReference : PassWrapper<TestCompareWithReference, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestCompareWithReference)
  TestCompareWithReference() = default;
  TestCompareWithReference(const TestCompareWithReference &other) : PassWrapper(other) {}
  StringRef getArgument() const override { return "test-compare-with-reference"; }
  StringRef getDescription() const override { return "compare kernels with their references"; }
  Option<bool> training{*this, "training", llvm::cl::desc("evaluate in training mode"),
                        llvm::cl::init(true)};
  Option<bool> gradients{*this, "gradients", llvm::cl::desc("compare gradients too"),
                         llvm::cl::init(true)};

  void runOnOperation() override {
    auto references = getOperation().lookupSymbol<ModuleOp>("reference");
    for (auto kernel : getOperation().getOps<KernelOp>()) {
      auto reference =
          references ? references.lookupSymbol<KernelOp>(kernel.getSymName()) : KernelOp();
      if (!reference) {
        kernel.emitError("has no reference (run tez-keep-reference before)");
        return signalPassFailure();
      }
      if (failed(Comparison(kernel, reference, training, gradients).run()))
        return signalPassFailure();
    }
  }
};
} // namespace

void tez::test::registerTestCompareWithReferencePass() {
  PassRegistration<TestCompareWithReference>();
}
