//===- Interface.cpp - tez_kernel.h ---------------------------------------===//

#include "File.h"
#include "Kernel.h"
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

/// `text` as far as there is room.
static void report(const char *text, char *error, size_t size) {
  if (error && size)
    std::snprintf(error, size, "%s", text);
}

template <typename Function> static tez_kernel *guarded(char *error, size_t size, Function make) {
  try {
    return make();
  } catch (const std::exception &failure) {
    report(failure.what(), error, size);
    return nullptr;
  }
}

tez_kernel *tez_kernel_create(tez_find_record find, void *context, char *error, size_t size) {
  return guarded(error, size, [&] {
    return new tez_kernel([&](const std::string &name) { return find(context, name.c_str()); });
  });
}

static tez_kernel *open(const char *path, const char *publicKey, char *error, size_t size) {
  return guarded(error, size, [&] {
    tez::runtime::File file(path, publicKey);
    return new tez_kernel([&](const std::string &name) { return file.find(name); });
  });
}

tez_kernel *tez_kernel_open(const char *path, char *error, size_t size) {
  return open(path, nullptr, error, size);
}

tez_kernel *tez_kernel_open_signed(const char *path, const char *public_key, char *error,
                                   size_t size) {
  return open(path, public_key, error, size);
}

void tez_kernel_close(tez_kernel *kernel) { delete kernel; }
size_t tez_kernel_num_inputs(const tez_kernel *kernel) { return kernel->plan.inputs.size(); }
size_t tez_kernel_num_outputs(const tez_kernel *kernel) { return kernel->plan.outputs.size(); }
int64_t tez_kernel_input_columns(const tez_kernel *kernel, size_t i) {
  return kernel->plan.inputs.at(i).columns;
}
int64_t tez_kernel_output_columns(const tez_kernel *kernel, size_t i) {
  return kernel->plan.outputs.at(i).columns;
}
size_t tez_kernel_input_sizes(const tez_kernel *kernel, size_t i, const int64_t **sizes) {
  *sizes = kernel->plan.inputs.at(i).sizes.data();
  return kernel->plan.inputs[i].sizes.size();
}
size_t tez_kernel_output_sizes(const tez_kernel *kernel, size_t i, const int64_t **sizes) {
  *sizes = kernel->plan.outputs.at(i).sizes.data();
  return kernel->plan.outputs[i].sizes.size();
}
int tez_kernel_num_leading(const tez_kernel *kernel) {
  return kernel->plan.leading ? int(kernel->plan.leading->size()) : -1;
}
int64_t tez_kernel_leading(const tez_kernel *kernel, int i) {
  return kernel->plan.leading ? kernel->plan.leading->at(size_t(i)) : -1;
}
const char *tez_kernel_cpu(const tez_kernel *kernel) { return kernel->variant.cpu.c_str(); }

void tez_kernel_forward_rows(const tez_kernel *kernel, const float *const *inputs,
                             float *const *outputs, int64_t rows, int64_t positions,
                             const tez_threads *threads) {
  kernel->forward(inputs, outputs, rows, positions, threads);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

using tez::runtime::Row;

namespace {
[[noreturn]] void refuse(const std::string &what) { throw std::runtime_error(what); }

struct Range {
  const char *begin, *end;
};

/// One call's tensors, checked one after the other.
class Call {
public:
  Call(const tez_kernel &kernel) : kernel(kernel) {}

  void addInput(const DLTensor *tensor);
  void addOutput(const DLTensor *tensor);
  void run(const tez_threads *threads);

private:
  char *check(const DLTensor *tensor, const Row &row, const std::string &name);
  void checkLeading(const DLTensor *tensor, int leading, const std::string &name);

  const tez_kernel &kernel;
  const DLTensor *first = nullptr; ///< whose leading dimensions all have
  int leading = 0;                 ///< how many it has
  int64_t rows = 1;
  std::vector<const float *> inputs;
  std::vector<float *> outputs;
  std::vector<Range> reads, writes;
};
} // namespace

static bool isDense(const DLTensor &tensor) {
  if (!tensor.strides)
    return true;
  int64_t stride = 1;
  for (int i = tensor.ndim - 1; i >= 0; --i) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != stride)
      return false;
    stride *= tensor.shape[i];
  }
  return true;
}

/// The first tensor of a call decides, the others have to follow.
void Call::checkLeading(const DLTensor *tensor, int found, const std::string &name) {
  if (!first) {
    int expected = tez_kernel_num_leading(&kernel);
    if (expected >= 0 && found != expected)
      refuse(name + ": expected " + std::to_string(expected + tensor->ndim - found) +
             " dimensions, found " + std::to_string(tensor->ndim));
    for (int i = 0; i < found; ++i) {
      int64_t size = expected < 0 ? -1 : tez_kernel_leading(&kernel, i);
      if (size >= 0 && tensor->shape[i] != size)
        refuse(name + ": expected " + std::to_string(size) + " in dimension " + std::to_string(i) +
               ", found " + std::to_string(tensor->shape[i]));
      if (__builtin_mul_overflow(rows, tensor->shape[i], &rows) || tensor->shape[i] < 0)
        refuse(name + ": too large");
    }
    first = tensor;
    leading = found;
    return;
  }
  if (found != leading ||
      std::memcmp(tensor->shape, first->shape, size_t(leading) * sizeof(int64_t)) != 0)
    refuse(name + ": its leading dimensions are not those of input 0");
}

/// "[3, 32, 32]"
static std::string text(const int64_t *sizes, size_t count) {
  std::string made;
  for (size_t i = 0; i < count; ++i)
    made += (i ? ", " : "") + std::to_string(sizes[i]);
  return "[" + made + "]";
}

/// The last dimensions.
static void checkRow(const DLTensor *tensor, const Row &row, const std::string &name) {
  size_t count = row.sizes.size();
  const int64_t *found = tensor->shape + tensor->ndim - count;
  if (std::memcmp(found, row.sizes.data(), count * sizeof(int64_t)) == 0)
    return;
  if (count == 1)
    refuse(name + ": expected " + std::to_string(row.columns) +
           " numbers in the last dimension, found " + std::to_string(*found));
  refuse(name + ": expected the last dimensions " + text(row.sizes.data(), count) + ", found " +
         text(found, count));
}

char *Call::check(const DLTensor *tensor, const Row &row, const std::string &name) {
  int sizes = int(row.sizes.size());
  if (!tensor || tensor->ndim < sizes)
    refuse(name + ": expected a tensor of at least " +
           (sizes == 1 ? "one dimension" : std::to_string(sizes) + " dimensions"));
  if (tensor->device.device_type != kDLCPU)
    refuse(name + ": expected host memory, found device type " +
           std::to_string(tensor->device.device_type));
  if (tensor->dtype.code != kDLFloat || tensor->dtype.bits != 32 || tensor->dtype.lanes != 1)
    refuse(name + ": expected 32-bit floating numbers");
  checkRow(tensor, row, name);
  if (!isDense(*tensor))
    refuse(name + ": expected dense, row-major memory");
  checkLeading(tensor, tensor->ndim - sizes, name);
  char *data = static_cast<char *>(tensor->data) + tensor->byte_offset;
  if (rows && (!tensor->data || reinterpret_cast<uintptr_t>(data) % alignof(float)))
    refuse(name + ": no memory, or not aligned to 4 bytes");
  return data;
}

void Call::addInput(const DLTensor *tensor) {
  const Row &row = kernel.plan.inputs[inputs.size()];
  char *data = check(tensor, row, "input " + std::to_string(inputs.size()));
  inputs.push_back(reinterpret_cast<const float *>(data));
  reads.push_back({data, data + rows * row.columns * int64_t(sizeof(float))});
}

void Call::addOutput(const DLTensor *tensor) {
  const Row &row = kernel.plan.outputs[outputs.size()];
  std::string name = "output " + std::to_string(outputs.size());
  char *data = check(tensor, row, name);
  Range range{data, data + rows * row.columns * int64_t(sizeof(float))};
  for (const auto *others : {&reads, &writes})
    for (const Range &other : *others)
      if (range.begin < other.end && other.begin < range.end)
        refuse(name + ": shares memory with another tensor of the call");
  outputs.push_back(reinterpret_cast<float *>(data));
  writes.push_back(range);
}

void Call::run(const tez_threads *threads) {
  int64_t positions = leading < 1 ? 1 : first->shape[leading - 1];
  kernel.forward(inputs.data(), outputs.data(), rows, positions, threads);
}

static void checkCount(const char *what, size_t found, size_t expected) {
  if (found != expected)
    refuse("expected " + std::to_string(expected) + " " + what + ", found " +
           std::to_string(found));
}

int tez_kernel_forward(const tez_kernel *kernel, const DLTensor *const *inputs, size_t numInputs,
                       DLTensor *const *outputs, size_t numOutputs, const tez_threads *threads,
                       char *error, size_t size) {
  try {
    checkCount("inputs", numInputs, kernel->plan.inputs.size());
    checkCount("outputs", numOutputs, kernel->plan.outputs.size());
    Call call(*kernel);
    for (size_t i = 0; i < numInputs; ++i)
      call.addInput(inputs[i]);
    for (size_t i = 0; i < numOutputs; ++i)
      call.addOutput(outputs[i]);
    call.run(threads);
    return 0;
  } catch (const std::exception &failure) {
    report(failure.what(), error, size);
    return -1;
  }
}
