//===- References.cpp - Calls whose results are known ---------------------===//

#include "tez/Validate/References.h"
#include "Trial.h"
#include <cmath>

using namespace mlir;
using namespace tez;

static constexpr unsigned perturbedRuns = 4;
/// The interpreter's perturbation rounds once an element, a runtime once a term of its sum.
static constexpr double termsAnElement = 8;

namespace {
class Oracle {
public:
  Oracle(esper::KernelOp kernel, const WeightStore &weights)
      : module(makeOracle(kernel)), weights(weights) {}

  explicit operator bool() const { return bool(module); }
  esper::KernelOp kernel() const {
    return *mlir::ModuleOp(*module).getOps<esper::KernelOp>().begin();
  }
  FailureOr<ReferenceCall> call(const InputShapes &shapes, uint64_t seed);

private:
  std::unique_ptr<interp::Evaluation> run(const std::vector<std::optional<HostTensor>> &inputs,
                                          double perturbation = 0, uint64_t noise = 0);
  interp::Tensor stateOf(StringRef name);

  OwningOpRef<mlir::ModuleOp> module;
  const WeightStore &weights;
  std::map<std::string, interp::Tensor> state; ///< widened once
};
} // namespace

interp::Tensor Oracle::stateOf(StringRef name) {
  interp::Tensor &tensor = state[name.str()];
  if (!tensor.defined())
    tensor = interp::toTensor(*weights.lookup(name));
  return tensor;
}

std::unique_ptr<interp::Evaluation>
Oracle::run(const std::vector<std::optional<HostTensor>> &inputs, double perturbation,
            uint64_t noise) {
  interp::Environment environment;
  for (const std::optional<HostTensor> &input : inputs)
    environment.inputs.push_back(input ? std::optional(interp::toTensor(*input)) : std::nullopt);
  environment.state = [this](StringRef name) { return stateOf(name); };
  environment.perturbation = perturbation;
  environment.perturbationSeed = noise;
  return interp::evaluate(kernel(), environment);
}

/// errors[i] = max(errors[i], |perturbed - exact|) of output i
static void widen(std::vector<double> &errors, const interp::Evaluation &perturbed,
                  const interp::Evaluation &exact) {
  for (size_t i = 0; i < errors.size(); ++i)
    for (int64_t k = 0; k < exact.outputs[i].size(); ++k) {
      double error = std::fabs(perturbed.outputs[i][k] - exact.outputs[i][k]);
      if (std::isfinite(error))
        errors[i] = std::max(errors[i], error);
    }
}

FailureOr<ReferenceCall> Oracle::call(const InputShapes &shapes, uint64_t seed) {
  auto inputs = randomInputs(kernel(), shapes, seed, /*withoutOptionals=*/true);
  std::unique_ptr<interp::Evaluation> exact = run(inputs);
  if (!exact)
    return failure();
  std::vector<double> errors(exact->outputs.size());
  for (unsigned i = 0; i < perturbedRuns; ++i) {
    auto perturbed = run(inputs, 0x1p-24, seed + i);
    if (!perturbed)
      return failure();
    widen(errors, *perturbed, *exact);
  }
  ReferenceCall call;
  for (const std::optional<HostTensor> &input : inputs)
    if (input)
      call.inputs.push_back(*input);
  for (auto [i, output] : llvm::enumerate(exact->outputs)) {
    call.outputs.push_back(interp::toHost(output, DType::f64));
    call.bounds.push_back(Bound::headline(termsAnElement * errors[i]));
  }
  return call;
}

FailureOr<std::vector<ReferenceCall>>
tez::referenceCalls(esper::KernelOp kernel, const WeightStore &weights, uint64_t seed) {
  Oracle oracle(kernel, weights);
  if (!oracle)
    return failure();
  std::optional<InputShapes> small = smallestShapes(oracle.kernel(), 2), larger;
  if (!small) {
    explainNoShapes(oracle.kernel(), 2);
    return failure();
  }
  if (!hasManyParameters(oracle.kernel()))
    larger = smallestShapes(oracle.kernel(), 3, 1);
  std::vector<ReferenceCall> calls;
  for (const auto &shapes : {small, larger}) {
    if (!shapes)
      continue;
    FailureOr<ReferenceCall> call = oracle.call(*shapes, seed + calls.size());
    if (failed(call))
      return failure();
    calls.push_back(std::move(*call));
  }
  return calls;
}
