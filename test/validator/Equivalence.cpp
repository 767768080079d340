//===- Equivalence.cpp - Faults that are none where they stand ------------===//

#include "Equivalence.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Validate/Inputs.h"
#include "tez/Weights/Initializer.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::test;

namespace {
/// Of the largest value of a tensor, and of each besides: a tenth of what kernels may err in fp32.
/// Less than that is no fault, and torch's own operators keep constants in fp32.
constexpr double mostOfTensor = 1e-6;
/// Of the largest of all results: what sums in fp64 that cancel leave. The gradient of a
/// parameter without influence is 1e-17 or 0 by the order of additions.
constexpr double mostOfAll = 1e-12;
/// Besides, what becomes of a result when inputs and parameters move by their last bits,
/// times a safety factor: there it is rounding and nothing else.
constexpr double lastBits = 0x1p-50, safety = 32;
constexpr unsigned nearbyRuns = 2;

/// A call of both.
struct Call {
  int64_t batch;
  unsigned skip = 0; ///< of the shapes tried (smallestShapes)
  double scale = 1;
  size_t poison = 0; ///< every so many elements NaN; 0: none
};

constexpr Call calls[] = {{2},          {3},          {3, 1},      {2, 2},
                          {4, 0, 1, 4}, {7, 0, 1, 7}, {3, 1, 1e4}, {3, 1, 1e-3}};
constexpr uint64_t draws[] = {11, 12};

/// The largest change by the last bits, tensor by tensor.
struct Noise {
  std::vector<double> outputs, buffers, parameterGradients, inputGradients;
};

class Twins {
public:
  Twins(LoadedKernel &a, LoadedKernel &b, esper::KernelOp kernel, bool exact)
      : a(a), b(b), kernel(kernel), exact(exact) {}

  bool same(const Call &call, bool training, uint64_t draw);
  /// Do both refuse wrong ranks of `input`, or neither.
  bool refuseAlike(unsigned input);

private:
  bool refuseAlike(const InputShapes &wrong);
  Noise noiseOf(const RunRequest &request, const RunResult &exact);

  LoadedKernel &a, &b;
  esper::KernelOp kernel;
  bool exact;
};
} // namespace

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static double largest(const HostTensor &tensor) {
  double most = 0;
  for (double value : tensor.toDoubles())
    most = std::isfinite(value) ? std::max(most, std::fabs(value)) : most;
  return most;
}

static double largestOfAll(const RunResult &result) {
  double most = 1;
  for (const HostTensor &output : result.outputs)
    most = std::max(most, largest(output));
  for (const auto &[name, gradient] : result.parameterGradients)
    most = std::max(most, gradient ? largest(*gradient) : 0);
  for (const auto &gradient : result.inputGradients)
    most = std::max(most, gradient ? largest(*gradient) : 0);
  return most;
}

namespace {
/// How much results may differ. `exact`: NaN is not infinity, which in kernels for inference it
/// may be, as passes reorder there.
struct Leeway {
  double slack;
  bool exact;

  bool loses(double found, double expected) const {
    return exact ? std::isnan(found) != std::isnan(expected)
                 : std::isfinite(found) != std::isfinite(expected);
  }
};
} // namespace

static bool same(const HostTensor &x, const HostTensor &y, Leeway leeway) {
  std::vector<double> found = x.toDoubles(), expected = y.toDoubles();
  double most = mostOfTensor * largest(y) + leeway.slack;
  for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
    bool finite = std::isfinite(found[i]) && std::isfinite(expected[i]);
    double bound = most + mostOfTensor * std::fabs(expected[i]);
    if (finite ? !(std::fabs(found[i] - expected[i]) <= bound)
               : found[i] != expected[i] && (leeway.loses(found[i], expected[i]) ||
                                             (leeway.exact && !std::isnan(found[i]))))
      return false;
  }
  return found.size() == expected.size();
}

/// A gradient that is not there is one of zeros.
static bool same(const std::optional<HostTensor> &x, const std::optional<HostTensor> &y,
                 Leeway leeway) {
  if (x && y)
    return same(*x, *y, leeway);
  const std::optional<HostTensor> &there = x ? x : y;
  return !there || llvm::all_of(there->toDoubles(),
                                [&](double value) { return std::fabs(value) <= leeway.slack; });
}

static const HostTensor &tensorOf(const HostTensor &tensor) { return tensor; }
static const std::optional<HostTensor> &tensorOf(const std::optional<HostTensor> &tensor) {
  return tensor;
}
template <typename T> static const T &tensorOf(const std::pair<std::string, T> &named) {
  return named.second;
}

template <typename T>
static bool allSame(const std::vector<T> &x, const std::vector<T> &y,
                    const std::vector<double> &noise, Leeway leeway) {
  bool all = x.size() == y.size();
  for (size_t i = 0; all && i < x.size(); ++i)
    all = same(tensorOf(x[i]), tensorOf(y[i]), {leeway.slack + noise[i], leeway.exact});
  return all;
}

static bool same(const RunResult &x, const RunResult &y, const Noise &noise, bool exact) {
  Leeway floor{mostOfAll * largestOfAll(y), exact};
  return allSame(x.outputs, y.outputs, noise.outputs, floor) &&
         allSame(x.buffers, y.buffers, noise.buffers, floor) &&
         allSame(x.parameterGradients, y.parameterGradients, noise.parameterGradients, floor) &&
         allSame(x.inputGradients, y.inputGradients, noise.inputGradients, floor);
}

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

static HostTensor nearby(const HostTensor &tensor, uint64_t draw, const std::string &stream) {
  std::vector<double> values = tensor.toDoubles();
  HostTensor random =
      initialize({InitSpec::Uniform, -1, 1}, DType::f64, tensor.shape(), draw, stream);
  std::vector<double> by = random.toDoubles();
  for (size_t i = 0; i < values.size(); ++i)
    values[i] *= 1 + lastBits * by[i];
  return HostTensor::fromDoubles(DType::f64, tensor.shape(), values);
}

static double distance(const HostTensor &x, const HostTensor &y) {
  std::vector<double> a = x.toDoubles(), b = y.toDoubles();
  double most = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (std::isfinite(a[i] - b[i]))
      most = std::max(most, std::fabs(a[i] - b[i]));
  return most;
}

static double distance(const std::optional<HostTensor> &x, const std::optional<HostTensor> &y) {
  return x && y ? distance(*x, *y) : 0;
}

template <typename T>
static void widen(std::vector<double> &noise, const std::vector<T> &x, const std::vector<T> &y) {
  noise.resize(y.size());
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    noise[i] = std::max(noise[i], safety * distance(tensorOf(x[i]), tensorOf(y[i])));
}

Noise Twins::noiseOf(const RunRequest &request, const RunResult &exact) {
  Noise noise;
  for (unsigned run = 0; run < nearbyRuns; ++run) {
    RunRequest other = request;
    for (std::optional<HostTensor> &input : other.inputs)
      if (input && input->dtype() == DType::f64)
        input = nearby(*input, run, "input");
    for (const auto &[name, value] : b.parameters())
      other.parameters[name] = nearby(value, run, name);
    auto moved = b.run(other);
    RunResult result = moved ? std::move(*moved) : RunResult();
    llvm::consumeError(moved.takeError());
    widen(noise.outputs, result.outputs, exact.outputs);
    widen(noise.buffers, result.buffers, exact.buffers);
    widen(noise.parameterGradients, result.parameterGradients, exact.parameterGradients);
    widen(noise.inputGradients, result.inputGradients, exact.inputGradients);
  }
  return noise;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static HostTensor spoiled(const HostTensor &tensor, const Call &call) {
  if (tensor.dtype() != DType::f32)
    return tensor;
  std::vector<double> values = tensor.toDoubles();
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = call.poison && i % call.poison == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                    : values[i] * call.scale;
  return HostTensor::fromDoubles(DType::f64, tensor.shape(), values);
}

static std::optional<HostTensor> upstream(const HostTensor &like, uint64_t draw) {
  if (like.dtype() != DType::f64)
    return std::nullopt;
  return initialize({InitSpec::Normal, 0, 1}, DType::f64, like.shape(), draw, "upstream");
}

static bool refuses(LoadedKernel &kernel, const RunRequest &request) {
  auto result = kernel.run(request);
  bool refused = !result;
  llvm::consumeError(result.takeError());
  return refused;
}

bool Twins::same(const Call &call, bool training, uint64_t draw) {
  std::optional<InputShapes> shapes = smallestShapes(kernel, call.batch, call.skip);
  if (!shapes)
    return true;
  RunRequest request;
  request.training = training;
  request.inDouble = true;
  request.seed = draw;
  for (std::optional<HostTensor> &input : randomInputs(kernel, *shapes, draw))
    request.inputs.push_back(spoiled(*input, call));
  auto first = a.run(request);
  if (!first) // the kernel does not take it
    return llvm::consumeError(first.takeError()), refuses(b, request);
  request.gradients = training;
  for (size_t i = 0; training && i < first->outputs.size(); ++i)
    request.outputGradients.push_back(upstream(first->outputs[i], draw + i));
  request.watched = true;
  auto one = a.run(request), other = b.run(request);
  if (!one || !other)
    return llvm::consumeError(one.takeError()), llvm::consumeError(other.takeError()), false;
  return one->shared == other->shared && one->writtenInputs == other->writtenInputs &&
         ::same(*one, *other, noiseOf(request, *other), exact);
}

bool Twins::refuseAlike(const InputShapes &wrong) {
  RunRequest request;
  request.inputs = randomInputs(kernel, wrong, 0);
  return refuses(a, request) == refuses(b, request);
}

bool Twins::refuseAlike(unsigned input) {
  std::optional<InputShapes> shapes = smallestShapes(kernel, 2);
  for (size_t place = 0; shapes && place <= (*shapes)[input].size(); ++place)
    for (bool more : {false, true}) {
      InputShapes wrong = *shapes;
      auto *at = wrong[input].begin() + std::ptrdiff_t(place);
      if (!more && at == wrong[input].end())
        continue;
      if (more)
        wrong[input].insert(at, 2);
      else
        wrong[input].erase(at);
      if (!refuseAlike(wrong))
        return false;
    }
  return true;
}

/// Other ranks are no inputs that a kernel admits; where torch's operators would make
/// something of them all the same, there is a guard.
static llvm::SmallVector<unsigned> guardedInputs(KernelUnderTest &file) {
  llvm::SmallVector<unsigned> inputs;
  file.lowered.walk([&](ts::RequireRankOp guard) {
    if (auto argument = dyn_cast<BlockArgument>(guard.getInput()))
      inputs.push_back(argument.getArgNumber());
  });
  return inputs;
}

bool tez::test::computesTheSame(KernelUnderTest &mutant, KernelUnderTest &good,
                                esper::KernelOp reference) {
  auto a = good.runtime->load(good.bytes), b = mutant.runtime->load(mutant.bytes);
  if (!a || !b)
    return llvm::consumeError(a.takeError()), llvm::consumeError(b.takeError()), false;
  bool trains = ts::ModuleOp(good.lowered).getTrainable();
  Twins twins(**a, **b, reference, /*exact=*/trains);
  for (unsigned input : guardedInputs(good))
    if (!twins.refuseAlike(input))
      return false;
  for (const Call &call : calls)
    for (uint64_t draw : draws)
      if (!twins.same(call, false, draw) || (trains && !twins.same(call, true, draw)))
        return false;
  return true;
}
