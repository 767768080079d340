//===- GraftTrial.cpp - The kernel as a part of a host that trains --------===//
//
// Twenty steps of SGD with momentum on a host around the emitted file, in torch; and
// the same host around the reference, in the interpreter. Losses, parameters, running
// statistics and the host's own parameters must stay together. Both in fp64, so
// that nothing but a wrong gradient or update makes them part.
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "Suite.h"
#include "Trial.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <span>

using namespace mlir;
using namespace tez;

static constexpr unsigned steps = 20, distinctBatches = 4;
/// Tried in this order, until the loss stays in bounds.
static constexpr double rates[] = {0.01, 1e-3, 1e-5};
static constexpr double mostLoss = 1e6;
/// What rounding in fp64 may grow to in so many steps.
static constexpr Bound bound{1e-6, 1e-6};
/// torch keeps some constants of gradients in fp32 (hardsigmoid, celu). Where norms multiply that,
/// step by step, it is so many times what half a bit of fp32 in all values grows to.
static constexpr double fp32Constants = 0x1p-25, safety = 8;

namespace {
using Doubles = std::vector<double>;

/// The momentum of one trained tensor.
struct Momentum {
  Doubles velocity; ///< empty at first: torch starts it with the first gradient

  void step(std::span<double> value, std::span<const double> gradient,
            const GraftRequest &request) {
    double kept = velocity.empty() ? 0 : request.momentum, rate = request.rate;
    velocity.resize(value.size());
    for (size_t i = 0; i < value.size(); ++i) {
      velocity[i] = kept * velocity[i] + gradient[i];
      value[i] -= rate * velocity[i];
    }
  }
};

/// A trained factor and a trained summand.
struct Scaling {
  Doubles value = {1, 0};
  Momentum momentum;
};

/// The host around the reference.
class ReferenceHost {
public:
  /// `perturbation`: of all that the interpreter computes (interp::Environment).
  ReferenceHost(KernelUnderTest &file, const GraftRequest &request, double perturbation = 0);
  /// The result of all steps; nullopt after an error.
  std::optional<GraftResult> train();

private:
  bool step(size_t index);
  interp::Environment environmentOf(size_t index);
  std::vector<interp::Tensor> lossOf(const interp::Evaluation &evaluation, size_t index,
                                     Doubles &outputGradient, double &loss);
  void updateHost(const interp::Evaluation &evaluation, size_t index,
                  const Doubles &outputGradient);
  void updateKernel(std::unique_ptr<interp::Evaluation> evaluation);

  KernelUnderTest &file;
  const GraftRequest &request;
  double perturbation;
  std::map<std::string, interp::Tensor> state;
  std::vector<std::string> parameterNames;
  std::map<std::string, Momentum> momenta; ///< of the parameters
  std::vector<size_t> floating;            ///< inputs
  std::vector<Scaling> scalings;           ///< of each of them, then of the outputs
  std::unique_ptr<RandomSource> random;
  GraftResult result;
};
} // namespace

ReferenceHost::ReferenceHost(KernelUnderTest &file, const GraftRequest &request,
                             double perturbation)
    : file(file), request(request), perturbation(perturbation) {
  for (const std::string &name : file.weights.names())
    state[name] = oracleState(file, name);
  for (auto param : file.reference().getBody().getOps<esper::ParamOp>()) {
    std::string name = param.getName().str();
    parameterNames.push_back(name);
    state[name] = state[name].clone(); // which steps write to
  }
  for (auto [i, input] : llvm::enumerate(request.inputs.front()))
    if (input && input->dtype() == DType::f64)
      floating.push_back(i);
  scalings.resize(floating.size() + 1);
}

interp::Environment ReferenceHost::environmentOf(size_t index) {
  interp::Environment environment;
  for (const auto &input : request.inputs[index])
    environment.inputs.push_back(input ? std::optional(interp::toTensor(*input)) : std::nullopt);
  for (auto [k, i] : llvm::enumerate(floating)) {
    interp::Tensor scaled(environment.inputs[i]->shape());
    for (int64_t e = 0; e < scaled.size(); ++e)
      scaled.mutableData()[e] =
          scalings[k].value[0] * (*environment.inputs[i])[e] + scalings[k].value[1];
    environment.inputs[i] = scaled;
  }
  environment.state = [this](StringRef name) { return state.at(name.str()); };
  environment.training = environment.gradients = true;
  random = file.runtime->randomSource(request.seed + index, DType::f64);
  environment.random = random.get();
  environment.machineEpsilon = 0x1p-52;
  environment.perturbation = perturbation;
  environment.perturbationSeed = index;
  return environment;
}

/// mean((scale * y + shift - target)^2) of each output, its gradient for y, and that
/// for scale and shift.
std::vector<interp::Tensor> ReferenceHost::lossOf(const interp::Evaluation &evaluation,
                                                  size_t index, Doubles &outputGradient,
                                                  double &loss) {
  std::vector<interp::Tensor> upstream(evaluation.outputs.size());
  const Doubles &host = scalings.back().value;
  for (size_t o = 0; o < upstream.size(); ++o) {
    if (!request.targets[index][o])
      continue;
    const interp::Tensor &y = evaluation.outputs[o];
    Doubles target = request.targets[index][o]->toDoubles();
    upstream[o] = interp::Tensor(y.shape());
    for (int64_t e = 0; e < y.size(); ++e) {
      double error = host[0] * y[e] + host[1] - target[size_t(e)];
      double slope = 2 * error / double(y.size());
      loss += error * error / double(y.size());
      upstream[o].mutableData()[e] = slope * host[0];
      outputGradient[0] += slope * y[e];
      outputGradient[1] += slope;
    }
  }
  return upstream;
}

void ReferenceHost::updateHost(const interp::Evaluation &evaluation, size_t index,
                               const Doubles &outputGradient) {
  for (auto [k, i] : llvm::enumerate(floating)) {
    auto gradient = evaluation.inputGradient(unsigned(i));
    if (!gradient)
      continue;
    Doubles x = request.inputs[index][i]->toDoubles(), sums = {0, 0};
    for (size_t e = 0; e < x.size(); ++e) {
      sums[0] += (*gradient)[int64_t(e)] * x[e];
      sums[1] += (*gradient)[int64_t(e)];
    }
    scalings[k].momentum.step(scalings[k].value, sums, request);
  }
  scalings.back().momentum.step(scalings.back().value, outputGradient, request);
}

/// A parameter without a gradient stands still in torch, momentum and all.
void ReferenceHost::updateKernel(std::unique_ptr<interp::Evaluation> evaluation) {
  std::map<std::string, std::optional<interp::Tensor>> gradients;
  for (const std::string &name : parameterNames)
    gradients[name] = evaluation->parameterGradient(name);
  for (const auto &[name, value] : evaluation->updates)
    state[name] = value;
  evaluation.reset(); // nobody holds the parameters any more
  for (const auto &[name, gradient] : gradients)
    if (gradient) {
      interp::Tensor &value = state[name];
      momenta[name].step({value.mutableData(), size_t(value.size())}, gradient->values(), request);
    }
}

bool ReferenceHost::step(size_t index) {
  interp::Environment environment = environmentOf(index);
  auto evaluation = interp::evaluate(file.reference(), environment);
  if (!evaluation)
    return false;
  Doubles outputGradient = {0, 0};
  double loss = 0;
  std::vector<interp::Tensor> upstream = lossOf(*evaluation, index, outputGradient, loss);
  evaluation->backward(upstream);
  result.losses.push_back(loss);
  updateHost(*evaluation, index, outputGradient);
  updateKernel(std::move(evaluation));
  return true;
}

std::optional<GraftResult> ReferenceHost::train() {
  for (size_t index = 0; index < request.inputs.size(); ++index)
    if (!step(index))
      return std::nullopt;
  for (const std::string &name : parameterNames)
    result.parameters.emplace_back(name, interp::toHost(state[name], DType::f64));
  for (auto buffer : file.reference().getBody().getOps<esper::BufferOp>()) {
    std::string name = buffer.getName().str();
    result.buffers.emplace_back(name, interp::toHost(state[name], DType::f64));
  }
  for (const Scaling &scaling : scalings)
    result.host.insert(result.host.end(), scaling.value.begin(), scaling.value.end());
  return std::move(result);
}

//===----------------------------------------------------------------------===//
// The trial
//===----------------------------------------------------------------------===//

/// Random inputs, and targets of the shapes of the outputs. nullopt: nothing to learn.
static std::optional<GraftRequest> planGraft(KernelUnderTest &file) {
  std::vector<Trial> trials = planTrials(file, /*gradients=*/true);
  if (trials.empty() || !trials.front().inDouble)
    return std::nullopt;
  GraftRequest request;
  request.seed = file.seed;
  std::unique_ptr<interp::Evaluation> oracle = runOracle(file, trials.front());
  if (!oracle)
    return std::nullopt;
  for (unsigned batch = 0; batch < distinctBatches; ++batch) {
    Trial trial = trials.front();
    trial.seed = file.seed + batch;
    RunRequest call = makeRequest(file, trial, oracle.get());
    request.inputs.push_back(call.inputs);
    request.targets.push_back(call.outputGradients); // random, of the outputs' shapes
    for (std::optional<HostTensor> &target : request.targets.back())
      if (target && target->numElements() == 0) // of which there is no mean
        target = std::nullopt;
  }
  for (unsigned step = distinctBatches; step < steps; ++step) {
    request.inputs.push_back(request.inputs[step - distinctBatches]);
    request.targets.push_back(request.targets[step - distinctBatches]);
  }
  bool learns =
      llvm::any_of(request.targets.front(), [](const auto &target) { return target.has_value(); });
  return learns ? std::optional(request) : std::nullopt;
}

static bool staysInBounds(const std::vector<double> &losses) {
  return llvm::all_of(losses, [](double loss) { return loss <= mostLoss; });
}

/// The bound, wider by what became of `want` in another training.
static Bound boundOf(const HostTensor &want, const HostTensor *moved) {
  if (!moved)
    return bound;
  Doubles one = want.toDoubles(), other = moved->toDoubles();
  double most = 0;
  for (size_t i = 0; i < one.size(); ++i)
    most = std::max(most, std::fabs(one[i] - other[i]));
  return {bound.absolute + safety * most, bound.relative};
}

/// "" or the first that is not where it should be. `moved`: as `expected`, of another training, or
/// null.
static std::string compareNamed(const NamedTensors &found, const NamedTensors &expected,
                                const NamedTensors *moved, StringRef what, double &worst) {
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto &[name, want] = expected[i];
    if (i >= found.size() || found[i].first != name)
      return (what + " " + llvm::Twine(i) + " is '" +
              (i < found.size() ? found[i].first : std::string("missing")) + "', expected '" +
              name + "'")
          .str();
    Comparison one = compare(found[i].second, interp::toTensor(want),
                             boundOf(want, moved ? &(*moved)[i].second : nullptr));
    worst = std::max(worst, one.error);
    if (!one.passed())
      return (what + " '" + name + "': " + one.text()).str();
  }
  return found.size() == expected.size() ? "" : (what + "s are surplus").str();
}

static HostTensor asTensor(const std::vector<double> &values) {
  return HostTensor::fromDoubles(DType::f64, {int64_t(values.size())}, values);
}

static NamedTensors recordOf(const GraftResult &result) {
  return {{"loss", asTensor(result.losses)}, {"host", asTensor(result.host)}};
}

static std::string compareGrafts(const GraftResult &found, const GraftResult &expected,
                                 const GraftResult *moved, double &worst) {
  NamedTensors record = moved ? recordOf(*moved) : NamedTensors();
  std::string difference =
      compareNamed(recordOf(found), recordOf(expected), moved ? &record : nullptr, "record", worst);
  if (difference.empty())
    difference = compareNamed(found.parameters, expected.parameters,
                              moved ? &moved->parameters : nullptr, "parameter", worst);
  if (difference.empty())
    difference = compareNamed(found.buffers, expected.buffers, moved ? &moved->buffers : nullptr,
                              "buffer", worst);
  return difference;
}

/// A kernel and its copy, which is what hosts train: it is made of the same values, and the
/// kernel keeps them.
static llvm::Expected<GraftResult> graftCopy(KernelUnderTest &file, const GraftRequest &request) {
  RunRequest call;
  call.inputs = request.inputs.front();
  call.inDouble = true;
  call.seed = request.seed;
  auto copy = file.loaded->deepCopy();
  if (!copy)
    return copy.takeError();
  llvm::Expected<RunResult> before = (*copy)->run(call);
  if (!before)
    return before.takeError();
  llvm::Expected<GraftResult> trained = (*copy)->graft(request);
  if (!trained)
    return trained.takeError();
  llvm::Expected<RunResult> kept = file.loaded->run(call);
  if (!kept)
    return kept.takeError();
  std::string different = firstDifference(*before, *kept);
  if (!different.empty())
    return llvm::createStringError("the copy is not the kernel, or changes it: " + different +
                                   " is not the same");
  return trained;
}

/// Names and their order are where hosts find state again.
template <typename Op>
static LogicalResult checkNames(KernelUnderTest &file, const NamedTensors &found, StringRef what) {
  std::vector<std::string> names, expected;
  for (const auto &[name, tensor] : found)
    names.push_back(name);
  for (auto op : file.reference().getBody().getOps<Op>())
    expected.push_back(op.getName().str());
  if (names == expected)
    return success();
  return file.lowered.emitError() << "the " << what << " of the emitted kernel are "
                                  << llvm::join(names, ", ") << ", expected "
                                  << llvm::join(expected, ", ");
}

LogicalResult tez::checkGraft(KernelUnderTest &file, Verdict &verdict) {
  if (failed(checkNames<esper::ParamOp>(file, file.loaded->parameters(), "parameters")) ||
      failed(checkNames<esper::BufferOp>(file, file.loaded->buffers(), "buffers")))
    return failure();
  std::optional<GraftRequest> request = planGraft(file);
  if (!request)
    return verdict.notes.push_back("nothing to train in fp64"), success();
  std::optional<GraftResult> expected;
  for (double rate : rates) {
    request->rate = rate;
    expected = ReferenceHost(file, *request).train();
    if (!expected)
      return failure();
    if (staysInBounds(expected->losses))
      break;
  }
  llvm::Expected<GraftResult> found = graftCopy(file, *request);
  verdict.runs += 2 * steps;
  if (!found)
    return file.lowered.emitError()
           << "a deep copy of the emitted kernel cannot be trained in a host: "
           << llvm::toString(found.takeError());
  if (!staysInBounds(expected->losses)) {
    verdict.answer = Answer::Undecided;
    verdict.notes.push_back("the loss leaves all bounds at any rate tried");
    return success();
  }
  verdict.figures = {{"first loss", expected->losses.front()},
                     {"last loss", expected->losses.back()},
                     {"rate", request->rate}};
  std::string difference = compareGrafts(*found, *expected, nullptr, verdict.worstDouble);
  if (difference.empty())
    return success();
  std::optional<GraftResult> moved = ReferenceHost(file, *request, fp32Constants).train();
  if (moved && compareGrafts(*found, *expected, &*moved, verdict.worstDouble).empty()) {
    verdict.notes.push_back("trained in a host, it is as far from the reference as the fp32 "
                            "constants of torch's gradients explain");
    return success();
  }
  return file.lowered.emitError() << "trained for " << steps
                                  << " steps in a host, the emitted kernel and the reference part: "
                                  << difference;
}
