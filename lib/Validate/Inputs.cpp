//===- Inputs.cpp - Inputs to try a kernel with ---------------------------===//

#include "tez/Validate/Inputs.h"
#include "tez/Weights/Initializer.h"
#include "tez/Weights/KernelWeights.h"
#include "llvm/ADT/DenseSet.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Exclusive upper bound for an integer input: the rows of the smallest table
/// it is looked up in.
static int64_t indexBound(Value input) {
  int64_t bound = 2;
  for (Operation *user : input.getUsers())
    if (auto embedding = dyn_cast<EmbeddingOp>(user)) {
      int64_t rows = embedding.getWeight().getType().getDimSize(0);
      bound = bound == 2 ? rows : std::min(bound, rows);
    }
  return bound;
}

/// Moves indices to the next one not taken, until all are: equal rows of a batch
/// have no variance, and a norm of them is nothing but rounding.
static void spread(std::vector<double> &values, int64_t bound) {
  llvm::DenseSet<int64_t> taken;
  for (double &value : values) {
    if (int64_t(taken.size()) == bound)
      taken.clear();
    while (!taken.insert(int64_t(value)).second)
      value = std::fmod(value + 1, double(bound));
  }
}

static HostTensor randomTensor(Value input, ArrayRef<int64_t> shape, uint64_t seed,
                               StringRef stream) {
  DType dtype = dtypeOf(tensorTypeOf(input.getType()).getElementType()).value_or(DType::f32);
  if (isa<FloatType>(tensorTypeOf(input.getType()).getElementType()))
    return initialize({InitSpec::Normal, 0, 1}, DType::f32, shape.vec(), seed, stream);
  int64_t bound = indexBound(input);
  HostTensor uniform =
      initialize({InitSpec::Uniform, 0, double(bound)}, DType::f64, shape.vec(), seed, stream);
  std::vector<double> values = uniform.toDoubles();
  for (double &value : values)
    value = std::min(std::floor(value), double(bound - 1));
  spread(values, bound);
  return HostTensor::fromDoubles(dtype, shape.vec(), values);
}

std::vector<std::optional<HostTensor>> tez::randomInputs(KernelOp kernel, const InputShapes &shapes,
                                                         uint64_t seed, bool withoutOptionals) {
  std::vector<std::optional<HostTensor>> inputs;
  for (auto [i, argument] : llvm::enumerate(kernel.getArguments())) {
    if (withoutOptionals && isa<esper::OptionalType>(argument.getType()))
      inputs.push_back(std::nullopt);
    else
      inputs.push_back(randomTensor(argument, shapes[i], seed, "input " + std::to_string(i)));
  }
  return inputs;
}
