//===- Operators.cpp - tezzeret::forward ----------------------------------===//
//
//   tezzeret::open(Tensor[] records, str[] names) -> int      a handle
//   tezzeret::close(int kernel) -> ()
//   tezzeret::forward(Tensor[] inputs, int kernel) -> Tensor[]
//   tezzeret::forward.one(Tensor input, int kernel) -> Tensor  one input, one output
//
// Inference only: the operators have no gradient. Threads are torch's own
// (at::get_num_threads), with the same numbers for any of them.
//
//===----------------------------------------------------------------------===//

#include "Threads.h"
#include "tez_kernel.h"
#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty.h>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <torch/library.h>
#include <unordered_map>

using at::Tensor;

namespace {
struct Close {
  void operator()(tez_kernel *kernel) const { tez_kernel_close(kernel); }
};
using Kernel = std::shared_ptr<tez_kernel>;

/// Open kernels by handle; a call keeps its kernel alive.
class Table {
public:
  int64_t add(tez_kernel *kernel) {
    std::unique_lock lock(mutex);
    kernels.emplace(++last, Kernel(kernel, Close()));
    return last;
  }
  void remove(int64_t handle) {
    std::unique_lock lock(mutex);
    kernels.erase(handle);
  }
  Kernel find(int64_t handle) {
    std::shared_lock lock(mutex);
    auto found = kernels.find(handle);
    TORCH_CHECK(found != kernels.end(), "tezzeret::forward: no open kernel ", handle);
    return found->second;
  }

private:
  std::shared_mutex mutex;
  std::unordered_map<int64_t, Kernel> kernels;
  int64_t last = 0;
};

struct Records {
  at::TensorList bytes;
  const std::vector<std::string> &names;
};
} // namespace

static Table &table() {
  static Table kernels;
  return kernels;
}

static int64_t openKernel(at::TensorList bytes, std::vector<std::string> names) {
  Records records{bytes, names};
  auto find = [](void *context, const char *name) -> tez_bytes {
    auto &records = *static_cast<Records *>(context);
    for (size_t i = 0; i < records.names.size(); ++i)
      if (records.names[i] == name) // data is null only where there is no record
        return {records.bytes[i].nbytes() ? records.bytes[i].const_data_ptr() : "",
                records.bytes[i].nbytes()};
    return {nullptr, 0};
  };
  for (const Tensor &record : bytes)
    TORCH_CHECK(record.is_contiguous() && record.scalar_type() == at::kByte && record.is_cpu(),
                "tezzeret::open: records are dense bytes in host memory");
  TORCH_CHECK(bytes.size() == names.size(), "tezzeret::open: as many names as records");
  char error[512] = "";
  tez_kernel *kernel = tez_kernel_create(find, &records, error, sizeof error);
  TORCH_CHECK(kernel, error);
  return table().add(kernel);
}

static void closeKernel(int64_t handle) { table().remove(handle); }

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static void runParallel(void *, int64_t count, void (*task)(void *, int64_t), void *argument) {
  tez::runOnThreads(count, task, argument);
}

using Sizes = c10::ArrayRef<int64_t>;

/// The sizes behind the leading dimensions.
static Sizes inputSizes(const tez_kernel *kernel, size_t i) {
  const int64_t *sizes;
  size_t count = tez_kernel_input_sizes(kernel, i, &sizes);
  return {sizes, count};
}

static Sizes outputSizes(const tez_kernel *kernel, size_t i) {
  const int64_t *sizes;
  size_t count = tez_kernel_output_sizes(kernel, i, &sizes);
  return {sizes, count};
}

static bool endsIn(const Tensor &input, Sizes sizes) {
  int64_t leading = input.dim() - int64_t(sizes.size());
  for (size_t dim = 0; leading >= 0 && dim < sizes.size(); ++dim)
    if (input.sym_size(leading + int64_t(dim)) != sizes[dim])
      return false;
  return leading >= 0;
}

static void checkInput(const Tensor &input, const tez_kernel *kernel, size_t i) {
  Sizes sizes = inputSizes(kernel, i);
  TORCH_CHECK(input.scalar_type() == at::kFloat, "tezzeret::forward: input ", i,
              ": expected float32, found ", input.scalar_type());
  TORCH_CHECK(endsIn(input, sizes), "tezzeret::forward: input ", i, ": expected ", sizes,
              " in the last ", sizes.size() == 1 ? "dimension" : "dimensions", ", found the shape ",
              input.sym_sizes());
  int leading = tez_kernel_num_leading(kernel), all = leading + int(sizes.size());
  TORCH_CHECK(leading < 0 || input.dim() == all, "tezzeret::forward: input ", i, ": expected ", all,
              " dimensions, found ", input.dim());
  for (int dim = 0; dim < leading; ++dim) {
    int64_t size = tez_kernel_leading(kernel, dim);
    TORCH_CHECK(size < 0 || input.sym_size(dim) == size, "tezzeret::forward: input ", i,
                ": expected ", size, " in dimension ", dim, ", found the shape ",
                input.sym_sizes());
  }
}

static c10::SymIntArrayRef leadingOf(const Tensor &input, const tez_kernel *kernel, size_t i) {
  return input.sym_sizes().slice(0, size_t(input.dim()) - inputSizes(kernel, i).size());
}

static void checkInputs(at::TensorList inputs, const tez_kernel *kernel) {
  TORCH_CHECK(inputs.size() == tez_kernel_num_inputs(kernel), "tezzeret::forward: expected ",
              tez_kernel_num_inputs(kernel), " inputs, found ", inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    checkInput(inputs[i], kernel, i);
    TORCH_CHECK(leadingOf(inputs[i], kernel, i) == leadingOf(inputs[0], kernel, 0),
                "tezzeret::forward: input ", i,
                ": its leading dimensions are not those of input 0");
  }
}

/// Output `i` of a call whose first input is this one.
static Tensor makeOutput(const Tensor &input, const tez_kernel *kernel, size_t i) {
  c10::SymIntArrayRef leading = leadingOf(input, kernel, 0);
  c10::SymDimVector shape(leading.begin(), leading.end());
  for (int64_t size : outputSizes(kernel, i))
    shape.push_back(size);
  return at::empty_symint(
      shape, input.options().requires_grad(false).memory_format(at::MemoryFormat::Contiguous));
}

static std::vector<Tensor> makeOutputs(at::TensorList inputs, const tez_kernel *kernel) {
  checkInputs(inputs, kernel);
  std::vector<Tensor> outputs;
  for (size_t i = 0; i < tez_kernel_num_outputs(kernel); ++i)
    outputs.push_back(makeOutput(inputs[0], kernel, i));
  return outputs;
}

/// `first` is the first of the inputs.
static void run(const tez_kernel *kernel, const Tensor &first, const float *const *inputs,
                float *const *outputs) {
  int64_t leading = first.dim() - int64_t(inputSizes(kernel, 0).size());
  int64_t rows = first.numel() / tez_kernel_input_columns(kernel, 0),
          positions = leading < 1 ? 1 : first.size(leading - 1);
  tez_threads threads{runParallel, nullptr, tez::availableThreads()};
  tez_kernel_forward_rows(kernel, inputs, outputs, rows, positions, &threads);
}

static std::vector<Tensor> forward(at::TensorList inputs, int64_t handle) {
  Kernel kernel = table().find(handle);
  std::vector<Tensor> outputs = makeOutputs(inputs, kernel.get());
  std::vector<Tensor> dense; // keeps what is made here
  std::vector<const float *> from;
  std::vector<float *> to;
  for (const Tensor &input : inputs)
    from.push_back(dense.emplace_back(input.contiguous()).const_data_ptr<float>());
  for (Tensor &output : outputs)
    to.push_back(output.mutable_data_ptr<float>());
  run(kernel.get(), inputs[0], from.data(), to.data());
  return outputs;
}

static void checkOne(const tez_kernel *kernel) {
  TORCH_CHECK(tez_kernel_num_inputs(kernel) == 1 && tez_kernel_num_outputs(kernel) == 1,
              "tezzeret::forward.one: a kernel of several inputs or outputs");
}

/// Called by itself a small kernel takes some microseconds: none of them for shapes as symbols, nor
/// for a second way through the dispatcher.
static Tensor forwardOne(const Tensor &input, int64_t handle) {
  Kernel kernel = table().find(handle);
  checkOne(kernel.get());
  checkInput(input, kernel.get(), 0);
  size_t leading = size_t(input.dim()) - inputSizes(kernel.get(), 0).size();
  c10::DimVector shape(input.sizes().slice(0, leading));
  for (int64_t size : outputSizes(kernel.get(), 0))
    shape.push_back(size);
  Tensor output(at::detail::empty_cpu(shape, at::kFloat));
  Tensor dense = input.is_contiguous() ? input : input.contiguous();
  const float *from = dense.const_data_ptr<float>();
  float *to = output.mutable_data_ptr<float>();
  run(kernel.get(), input, &from, &to);
  return output;
}

static std::vector<Tensor> forwardMeta(at::TensorList inputs, int64_t handle) {
  return makeOutputs(inputs, table().find(handle).get());
}

static Tensor forwardOneMeta(const Tensor &input, int64_t handle) {
  Kernel kernel = table().find(handle);
  checkOne(kernel.get());
  checkInput(input, kernel.get(), 0);
  return makeOutput(input, kernel.get(), 0);
}

TORCH_LIBRARY(tezzeret, library) {
  library.def("open(Tensor[] records, str[] names) -> int", openKernel);
  library.def("close(int kernel) -> ()", closeKernel);
  library.def("forward(Tensor[] inputs, int kernel) -> Tensor[]", {at::Tag::pt2_compliant_tag});
  library.def("forward.one(Tensor input, int kernel) -> Tensor", {at::Tag::pt2_compliant_tag});
}

TORCH_LIBRARY_IMPL(tezzeret, CPU, library) {
  library.impl("forward", forward);
  library.impl("forward.one", forwardOne);
}

TORCH_LIBRARY_IMPL(tezzeret, Meta, library) {
  library.impl("forward", forwardMeta);
  library.impl("forward.one", forwardOneMeta);
}
