//===- Directions.cpp - Gradients against central differences -------------===//
//
// Independent of every gradient rule: along a random direction v of all parameters
// and floating inputs, (L(p + hv) - L(p - hv)) / 2h must be the gradient of L times
// v, where L is the outputs times random numbers. In fp64.
//
//===----------------------------------------------------------------------===//

#include "Suite.h"
#include "Trial.h"
#include "tez/Weights/Initializer.h"
#include <cmath>

using namespace mlir;
using namespace tez;

/// Of torch's gradcheck: step 1e-6, relative 1e-3, absolute 1e-5.
static constexpr double step = 1e-6, relative = 1e-3, absolute = 1e-5;
/// A step across a kink or a jump tells nothing: then other inputs.
static constexpr unsigned draws = 3;

namespace {
/// A direction in the space of parameters and floating inputs, of unit length.
struct Direction {
  std::map<std::string, std::vector<double>> parameters;
  std::vector<std::vector<double>> inputs; ///< empty: not floating

  double length() const {
    double squares = 0;
    for (const auto &[name, values] : parameters)
      for (double value : values)
        squares += value * value;
    for (const std::vector<double> &values : inputs)
      for (double value : values)
        squares += value * value;
    return std::sqrt(squares);
  }
};

struct Slopes {
  double difference = 0; ///< by differences
  double gradient = 0;   ///< by the gradients
  bool agree() const {
    return std::fabs(difference - gradient) <= absolute + relative * std::fabs(gradient);
  }
};
} // namespace

static std::vector<double> uniform(const std::vector<int64_t> &shape, uint64_t seed,
                                   const std::string &stream) {
  return initialize({InitSpec::Uniform, -1, 1}, DType::f32, shape, seed, stream).toDoubles();
}

static Direction randomDirection(const LoadedKernel &kernel, const RunRequest &request,
                                 uint64_t seed) {
  Direction direction;
  for (const auto &[name, tensor] : kernel.parameters())
    direction.parameters[name] = uniform(tensor.shape(), seed, "direction " + name);
  for (size_t i = 0; i < request.inputs.size(); ++i) {
    const std::optional<HostTensor> &input = request.inputs[i];
    bool floating = input && input->dtype() == DType::f64;
    direction.inputs.push_back(
        floating ? uniform(input->shape(), seed, "direction of input " + std::to_string(i))
                 : std::vector<double>());
  }
  return direction;
}

static HostTensor moved(const HostTensor &tensor, const std::vector<double> &along, double by) {
  std::vector<double> values = tensor.toDoubles();
  for (size_t i = 0; i < values.size(); ++i)
    values[i] += by * along[i];
  return HostTensor::fromDoubles(DType::f64, tensor.shape(), values);
}

/// The request a step away.
static RunRequest stepped(const LoadedKernel &kernel, const RunRequest &request,
                          const Direction &direction, double by) {
  RunRequest other = request;
  other.gradients = false;
  for (const auto &[name, tensor] : kernel.parameters())
    other.parameters[name] = moved(tensor, direction.parameters.at(name), by);
  for (size_t i = 0; i < other.inputs.size(); ++i)
    if (!direction.inputs[i].empty())
      other.inputs[i] = moved(*other.inputs[i], direction.inputs[i], by);
  return other;
}

/// L, summed in long double: a difference of it is taken.
static llvm::Expected<long double> loss(LoadedKernel &kernel, const RunRequest &request) {
  llvm::Expected<RunResult> result = kernel.run(request);
  if (!result)
    return result.takeError();
  long double sum = 0;
  for (size_t i = 0; i < request.outputGradients.size(); ++i) {
    if (!request.outputGradients[i])
      continue;
    std::vector<double> values = result->outputs[i].toDoubles(),
                        weights = request.outputGradients[i]->toDoubles();
    for (size_t k = 0; k < values.size(); ++k)
      sum += static_cast<long double>(values[k]) * weights[k];
  }
  return sum;
}

static double dot(const std::optional<HostTensor> &gradient, const std::vector<double> &along) {
  if (!gradient || along.empty())
    return 0;
  double sum = 0;
  std::vector<double> values = gradient->toDoubles();
  for (size_t i = 0; i < values.size(); ++i)
    sum += values[i] * along[i];
  return sum;
}

static llvm::Expected<Slopes> slopes(LoadedKernel &kernel, const RunRequest &request,
                                     const Direction &direction) {
  llvm::Expected<RunResult> here = kernel.run(request);
  if (!here)
    return here.takeError();
  double length = direction.length();
  Slopes found;
  for (const auto &[name, gradient] : here->parameterGradients)
    found.gradient += dot(gradient, direction.parameters.at(name)) / length;
  for (size_t i = 0; i < here->inputGradients.size(); ++i)
    found.gradient += dot(here->inputGradients[i], direction.inputs[i]) / length;
  llvm::Expected<long double> ahead =
      loss(kernel, stepped(kernel, request, direction, step / length));
  if (!ahead)
    return ahead.takeError();
  llvm::Expected<long double> behind =
      loss(kernel, stepped(kernel, request, direction, -step / length));
  if (!behind)
    return behind.takeError();
  found.difference = double((*ahead - *behind) / (2 * step));
  return found;
}

/// Do torch's operators, one by one, disagree with their own differences as well: a
/// value that was detached, or rounded with a gradient passed through.
static bool isOfTheBlueprint(KernelUnderTest &file, const RunRequest &request,
                             const Direction &direction, const Slopes &found) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain)
    return false;
  llvm::Expected<Slopes> own = slopes(*plain->loaded, request, direction);
  if (!own)
    return llvm::consumeError(own.takeError()), false;
  auto near = [](double a, double b) {
    return std::fabs(a - b) <= absolute + relative * std::fabs(b);
  };
  return !own->agree() && near(found.gradient, own->gradient) &&
         near(found.difference, own->difference);
}

/// The first gradient trial in fp64, with its upstream gradients.
static std::optional<RunRequest> planRequest(KernelUnderTest &file, uint64_t seed) {
  for (Trial &trial : planTrials(file, /*gradients=*/true))
    if (trial.inDouble) {
      trial.seed = seed;
      std::unique_ptr<interp::Evaluation> oracle = runOracle(file, trial);
      return oracle ? std::optional(makeRequest(file, trial, oracle.get())) : std::nullopt;
    }
  return std::nullopt; // too large a kernel for fp64
}

LogicalResult tez::checkDirections(KernelUnderTest &file, Verdict &verdict) {
  Slopes worst;
  for (unsigned draw = 0; draw < draws; ++draw) {
    std::optional<RunRequest> request = planRequest(file, file.seed + 1000 * draw);
    if (!request)
      return verdict.answer = Answer::Undecided, success();
    LoadedKernel &kernel = *file.kernel(/*inDouble=*/true);
    Direction direction = randomDirection(kernel, *request, file.seed + draw);
    if (direction.length() == 0)
      return verdict.notes.push_back("nothing to differentiate by"), success();
    llvm::Expected<Slopes> found = slopes(kernel, *request, direction);
    verdict.runs += 3;
    if (!found)
      return file.lowered.emitError() << llvm::toString(found.takeError());
    verdict.worstDouble = std::fabs(found->difference - found->gradient);
    if (!std::isfinite(found->difference) || found->agree())
      return success();
    if (isOfTheBlueprint(file, *request, direction, *found)) {
      verdict.answer = Answer::Undecided;
      verdict.notes.push_back("the kernel's gradient is not that of what it computes, as the "
                              "blueprint has it (detached or rounded values)");
      return success();
    }
    worst = *found;
  }
  return emitError(file.reference().getLoc())
         << "the emitted kernel's gradients are not those of what it computes: along a random "
            "direction its outputs change by "
         << worst.difference << ", its gradients say " << worst.gradient;
}
