//===- Kernel.cpp ---------------------------------------------------------===//

#include "Kernel.h"
#include <algorithm>
#include <stdexcept>

using namespace tez::runtime;

static tez_bytes require(const FindRecord &find, const std::string &name) {
  tez_bytes bytes = find(name);
  if (!bytes.data)
    throw std::runtime_error("the kernel file has no record " + name);
  return bytes;
}

static Variant chooseVariant(const Plan &plan) {
  std::string found;
  for (const Variant &variant : plan.variants) {
    if (isRunnable(variant))
      return variant;
    found += (found.empty() ? "" : ", ") + variant.cpu;
  }
  throw std::runtime_error("no machine code for this processor, found code for " + found);
}

tez_kernel::tez_kernel(const FindRecord &find) {
  tez_bytes json = find("native/plan.json");
  if (!json.data)
    throw std::runtime_error("the kernel file has no machine code");
  plan = parsePlan({static_cast<const char *>(json.data), json.size});
  variant = chooseVariant(plan);
  tez_bytes image = require(find, variant.code), packed = require(find, variant.weights);
  if (variant.entry >= image.size)
    throw std::runtime_error("native/plan.json: the entry lies outside of " + variant.code);
  for (const Argument &argument : variant.arguments)
    if (argument.kind == Argument::Kind::Weight && argument.offset >= packed.size)
      throw std::runtime_error("native/plan.json: a weight lies outside of " + variant.weights);
  weights = Mapping(packed.data, packed.size, Mapping::Use::Data);
  code = Mapping(image.data, image.size, Mapping::Use::Code);
  entry = reinterpret_cast<Entry>(const_cast<char *>(code.data()) + variant.entry);
}

/// Rows go through all of a kernel's layers in blocks, so that what is between the layers
/// stays in a cache; a row's numbers do not depend on its block.
struct tez_kernel::Call {
  const tez_kernel *kernel;
  const float *const *inputs;
  float *const *outputs;
  int64_t rows, positions, blockRows;
};

void tez_kernel::runBlock(const Call &call, int64_t block) const {
  constexpr size_t most = 64;
  void *few[most];
  std::vector<void *> many(variant.arguments.size() > most ? variant.arguments.size() : 0);
  void **pointers = many.empty() ? few : many.data();
  int64_t begin = block * call.blockRows, rows = std::min(call.blockRows, call.rows - begin);
  for (size_t i = 0; i < variant.arguments.size(); ++i) {
    const Argument &argument = variant.arguments[i];
    switch (argument.kind) {
    case Argument::Kind::Input:
      pointers[i] = const_cast<float *>(call.inputs[argument.index] +
                                        begin * plan.inputs[argument.index].columns);
      break;
    case Argument::Kind::Output:
      pointers[i] = call.outputs[argument.index] + begin * plan.outputs[argument.index].columns;
      break;
    case Argument::Kind::Weight:
      pointers[i] = const_cast<char *>(weights.data()) + argument.offset;
      break;
    case Argument::Kind::Scratch:
      pointers[i] = threadScratch(
          (size_t(variant.scratchColumns) * size_t(rows) + size_t(variant.scratchNumbers)) *
          sizeof(float));
      break;
    }
  }
  entry(pointers, rows, call.positions);
}

/// A share of the rows for each thread, at least `least` and at most `most` of them, in multiples
/// of `unit`.
static int64_t blockRowsFor(int64_t rows, int64_t unit, int64_t least, int64_t most,
                            int64_t threads) {
  int64_t share = std::max((rows + threads - 1) / threads, least);
  return std::clamp((share + unit - 1) / unit * unit, unit, std::max(unit, most / unit * unit));
}

/// Rows that are worth waking a thread for: some microseconds of multiply-adds, one a weight and
/// row, and what is done to each number that comes and goes.
int64_t tez_kernel::leastRows() const {
  constexpr int64_t worthwhile = 512 << 10, each = 8;
  int64_t work = int64_t(weights.size() / sizeof(float));
  for (const auto *tensors : {&plan.inputs, &plan.outputs})
    for (const auto &tensor : *tensors)
      work += each * tensor.columns;
  return worthwhile / std::max<int64_t>(work, 1) + 1;
}

/// Full tiles where there are many; few rows are shared evenly, since smaller tiles cost less than
/// a thread that waits.
static int64_t unitFor(int64_t rows, int64_t threads) {
  constexpr int64_t tile = 12; // a multiple of all targets' largest tiles but one
  return rows < 4 * tile * threads ? 1 : tile;
}

void tez_kernel::forward(const float *const *inputs, float *const *outputs, int64_t rows,
                         int64_t positions, const tez_threads *threads) const {
  if (rows <= 0 || (plan.samples && (positions <= 0 || rows % positions)))
    return;
  int64_t many = threads && threads->run ? std::max<int64_t>(threads->threads, 1) : 1;
  int64_t unit = plan.samples ? positions : plan.images ? 1 : unitFor(rows, many);
  int64_t least = plan.images || plan.samples ? 1 : leastRows();
  Call call{this, inputs,    outputs,
            rows, positions, blockRowsFor(rows, unit, least, variant.blockRows, many)};
  int64_t blocks = (rows + call.blockRows - 1) / call.blockRows;
  if (many > 1 && blocks > 1) {
    auto task = [](void *argument, int64_t block) {
      auto *call = static_cast<const Call *>(argument);
      call->kernel->runBlock(*call, block);
    };
    return threads->run(threads->context, blocks, task, &call);
  }
  for (int64_t block = 0; block < blocks; ++block)
    runBlock(call, block);
}
