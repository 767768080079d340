//===- Trial.cpp - One run of the kernel beside the oracle ----------------===//

#include "Trial.h"
#include "tez/Weights/Initializer.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// Both sides
//===----------------------------------------------------------------------===//

static HostTensor widened(const HostTensor &tensor) {
  bool floating = tensor.dtype() == DType::f32;
  return floating ? HostTensor::fromDoubles(DType::f64, tensor.shape(), tensor.toDoubles())
                  : tensor;
}

/// The suite evaluates the reference some twenty times.
interp::Tensor tez::oracleState(KernelUnderTest &file, StringRef name) {
  interp::Tensor &state = file.oracleState[name.str()];
  if (!state.defined())
    state = interp::toTensor(*file.weights.lookup(name));
  return state;
}

const std::optional<InputShapes> &tez::shapesOf(KernelUnderTest &file, int64_t batch,
                                                unsigned skip) {
  auto [known, isNew] = file.shapes.try_emplace({batch, skip});
  if (isNew)
    known->second = smallestShapes(file.reference(), batch, skip);
  return known->second;
}

std::unique_ptr<interp::Evaluation> tez::runOracle(KernelUnderTest &file, const Trial &trial,
                                                   double perturbation, uint64_t noise) {
  interp::Environment environment;
  for (const std::optional<HostTensor> &input : makeInputs(file.reference(), trial))
    environment.inputs.push_back(input ? std::optional(interp::toTensor(*input)) : std::nullopt);
  environment.state = [&](StringRef name) { return oracleState(file, name); };
  environment.training = trial.training;
  environment.gradients = trial.gradients;
  std::unique_ptr<RandomSource> random =
      file.runtime->randomSource(trial.seed, trial.inDouble ? DType::f64 : DType::f32);
  environment.random = random.get();
  environment.machineEpsilon = trial.inDouble ? 0x1p-52 : 0x1p-23;
  environment.perturbation = perturbation;
  environment.perturbationSeed = noise;
  return interp::evaluate(file.reference(), environment);
}

/// Random upstream gradients: sum() would hide errors that cancel.
static std::vector<std::optional<HostTensor>> upstreamFor(KernelOp kernel, const Trial &trial,
                                                          const interp::Evaluation &oracle) {
  std::vector<std::optional<HostTensor>> upstream;
  for (auto [i, type] : llvm::enumerate(kernel.getResultTypes())) {
    if (!isa<FloatType>(cast<RankedTensorType>(type).getElementType())) {
      upstream.push_back(std::nullopt);
      continue;
    }
    HostTensor values = initialize({InitSpec::Normal, 0, 1}, DType::f32, oracle.outputs[i].shape(),
                                   trial.seed, "upstream " + std::to_string(i));
    upstream.push_back(values);
  }
  return upstream;
}

static void backwardOracle(interp::Evaluation &oracle,
                           const std::vector<std::optional<HostTensor>> &upstream) {
  std::vector<interp::Tensor> gradients;
  for (const std::optional<HostTensor> &gradient : upstream)
    gradients.push_back(gradient ? interp::toTensor(*gradient) : interp::Tensor());
  oracle.backward(gradients);
}

RunRequest tez::makeRequest(KernelUnderTest &file, const Trial &trial,
                            const interp::Evaluation *oracle) {
  RunRequest request;
  request.inputs = makeInputs(file.reference(), trial);
  request.training = trial.training;
  request.seed = trial.seed;
  request.inDouble = trial.inDouble;
  request.gradients = trial.gradients;
  request.layout = trial.layout;
  if (trial.gradients && oracle)
    request.outputGradients = upstreamFor(file.reference(), trial, *oracle);
  if (trial.inDouble)
    for (auto *list : {&request.inputs, &request.outputGradients})
      for (std::optional<HostTensor> &tensor : *list)
        if (tensor)
          tensor = widened(*tensor);
  return request;
}

FailureOr<TrialResult> tez::runTrial(KernelUnderTest &file, const Trial &trial) {
  TrialResult result;
  result.oracle = runOracle(file, trial);
  if (!result.oracle)
    return failure();
  RunRequest request = makeRequest(file, trial, result.oracle.get());
  if (trial.gradients)
    backwardOracle(*result.oracle, request.outputGradients);
  llvm::Expected<RunResult> run = file.kernel(trial.inDouble)->run(request);
  if (!run)
    return file.lowered.emitError()
           << "the emitted kernel does not run: " << llvm::toString(run.takeError());
  result.kernel = std::move(*run);
  return result;
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

static constexpr int64_t manyParameters = int64_t(1) << 25;

bool tez::hasManyParameters(KernelOp kernel) {
  int64_t count = 0;
  for (auto param : kernel.getBody().getOps<ParamOp>())
    count += param.getType().getNumElements();
  return count > manyParameters;
}

/// More leading dimensions for a leading_any kernel, and none. `base` is a copy:
/// it may be one of the trials.
static void addRanks(KernelOp kernel, Trial base, std::vector<Trial> &trials) {
  if (!kernel.getLeadingAny())
    return;
  for (SmallVector<int64_t> leading : {SmallVector<int64_t>{}, {2, 1, 3}, {0}}) {
    Trial trial = base;
    for (SmallVector<int64_t> &shape : trial.shapes) {
      shape.erase(shape.begin());
      shape.insert(shape.begin(), leading.begin(), leading.end());
    }
    trials.push_back(trial);
  }
}

static bool hasOptionals(KernelOp kernel) {
  return llvm::any_of(kernel.getArgumentTypes(),
                      [](Type type) { return isa<esper::OptionalType>(type); });
}

std::vector<Trial> tez::planTrials(KernelUnderTest &file, bool gradients) {
  KernelOp kernel = file.reference();
  std::optional<InputShapes> small = shapesOf(file, 2), larger = shapesOf(file, 3, 1);
  if (!small) {
    explainNoShapes(kernel, 2);
    return {};
  }
  bool trainable = file.lowered.getTrainable();
  bool large = hasManyParameters(kernel) || !file.runsInDouble();
  std::vector<Trial> trials;
  auto add = [&](const InputShapes &shapes, bool training, bool inDouble) {
    trials.push_back({shapes, training, inDouble, gradients, false, file.seed + trials.size(), {}});
  };
  if (!large)
    add(*small, trainable, true);
  if (!large && larger) // a softmax of one value, a mean over one hide what is wrong with them
    add(*larger, trainable, true);
  add(larger && !large ? *larger : *small, trainable, false);
  if (!gradients && trainable)
    add(*small, false, false);
  if (hasOptionals(kernel) && !large) {
    add(*small, false, false);
    trials.back().withoutOptionals = true;
  }
  if (!gradients && !large)
    addRanks(kernel, trials.back(), trials);
  return trials;
}

std::vector<RunRequest> tez::plannedCalls(KernelUnderTest &file, bool gradients, size_t most) {
  std::vector<RunRequest> calls;
  for (const Trial &trial : planTrials(file, gradients)) {
    if (trial.inDouble || trial.withoutOptionals || calls.size() == most)
      continue;
    std::unique_ptr<interp::Evaluation> oracle = gradients ? runOracle(file, trial) : nullptr;
    calls.push_back(makeRequest(file, trial, oracle.get()));
  }
  return calls;
}

std::optional<RunRequest> tez::firstCall(KernelUnderTest &file, bool gradients) {
  std::vector<RunRequest> calls = plannedCalls(file, gradients, 1);
  return calls.empty() ? std::nullopt : std::optional(std::move(calls.front()));
}
