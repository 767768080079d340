//===- LoadedModule.cpp - State and calls of a loaded kernel --------------===//

#include "LoadedModule.h"
#include "Guard.h"
#include "Kernel.h"
#include "Tensors.h"
#include "tez/Artifact/KernelFile.h"
#include "tez/Support/ThreadTime.h"
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>
#include <caffe2/serialize/in_memory_adapter.h>
#include <chrono>
#include <cstring>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/python_print.h>

using namespace tez;
using at::Tensor;

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

LoadedModule::LoadedModule(torch::jit::Module loaded) : module(std::move(loaded)) {
  for (const auto &entry : module.named_parameters())
    parameterStates.push_back({entry.name, entry.value, entry.value.detach()});
  for (const auto &entry : module.named_buffers())
    bufferStates.push_back({entry.name, entry.value, entry.value.detach()});
}

NamedTensors LoadedModule::values(const std::vector<State> &states) {
  NamedTensors tensors;
  for (const State &state : states)
    tensors.emplace_back(state.name, toHost(state.loaded));
  return tensors;
}

StateScope::StateScope(LoadedModule &kernel, bool inDouble,
                       const std::map<std::string, HostTensor> &parameters)
    : kernel(kernel) {
  for (State &state : kernel.parameterStates) {
    auto given = parameters.find(state.name);
    if (given != parameters.end())
      state.live.set_data(toTorch(given->second));
    else if (inDouble)
      state.live.set_data(state.asDouble());
  }
  for (State &state : kernel.bufferStates)
    state.live.set_data(inDouble ? state.asDouble().clone() : state.loaded.clone());
}

StateScope::~StateScope() {
  for (auto *states : {&kernel.parameterStates, &kernel.bufferStates})
    for (State &state : *states)
      state.live.set_data(state.loaded);
}

void tez::seedGenerator(uint64_t seed) {
  at::Generator(at::detail::getDefaultCPUGenerator()).set_current_seed(seed);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// The same values in other memory, which is the callee's own.
static Tensor laidOut(const Tensor &tensor, MemoryLayout layout) {
  if (layout == MemoryLayout::ChannelsLast && tensor.dim() == 4)
    return tensor.contiguous(at::MemoryFormat::ChannelsLast);
  if (layout == MemoryLayout::ChannelsLast && tensor.dim() == 5)
    return tensor.contiguous(at::MemoryFormat::ChannelsLast3d);
  if (layout != MemoryLayout::Strided || tensor.dim() == 0)
    return tensor;
  std::vector<int64_t> sizes = tensor.sizes().vec();
  sizes.back() *= 2;
  Tensor wide = at::full(sizes, std::numeric_limits<float>::quiet_NaN(), tensor.options());
  return wide.slice(-1, 0, std::nullopt, 2).copy_(tensor);
}

static Tensor makeInput(const HostTensor &input, const RunRequest &request) {
  Tensor tensor = toTorch(input);
  if (request.watched)
    tensor = tensor.clone();
  if (!tensor.is_floating_point())
    return tensor;
  tensor = laidOut(tensor, request.layout);
  if (request.onMeta)
    tensor = tensor.to(at::kMeta);
  return request.gradients ? tensor.requires_grad_() : tensor;
}

std::vector<c10::IValue> tez::makeInputs(const RunRequest &request) {
  std::vector<c10::IValue> inputs;
  for (const std::optional<HostTensor> &input : request.inputs)
    inputs.push_back(input ? c10::IValue(makeInput(*input, request)) : c10::IValue());
  return inputs;
}

std::vector<Tensor> tez::listOutputs(const c10::IValue &returned) {
  if (returned.isTensor())
    return {returned.toTensor()};
  TORCH_CHECK(returned.isTuple(), "forward returned ", returned.tagKind(),
              ", expected a tensor or a tuple of tensors");
  std::vector<Tensor> outputs;
  for (const c10::IValue &element : returned.toTupleRef().elements())
    outputs.push_back(element.toTensor());
  return outputs;
}

/// Gradients of sum(output . upstream) for `targets`; undefined: no gradient.
static std::vector<Tensor> differentiate(const std::vector<Tensor> &outputs,
                                         const RunRequest &request,
                                         const std::vector<Tensor> &targets) {
  std::vector<Tensor> roots, upstream, wanted;
  for (size_t i = 0; i < std::min(outputs.size(), request.outputGradients.size()); ++i) {
    const std::optional<HostTensor> &gradient = request.outputGradients[i];
    if (!gradient || !outputs[i].requires_grad())
      continue;
    roots.push_back(outputs[i]);
    upstream.push_back(toTorch(*gradient));
  }
  for (const Tensor &target : targets)
    if (target.defined() && target.requires_grad())
      wanted.push_back(target);
  std::vector<Tensor> found(wanted.size());
  if (!roots.empty() && !wanted.empty())
    found = torch::autograd::grad(roots, wanted, upstream, /*retain_graph=*/false,
                                  /*create_graph=*/false, /*allow_unused=*/true);
  std::vector<Tensor> gradients;
  for (size_t i = 0, next = 0; i < targets.size(); ++i)
    gradients.push_back(targets[i].defined() && targets[i].requires_grad() ? found[next++]
                                                                           : Tensor());
  return gradients;
}

std::vector<Tensor> LoadedModule::call(const RunRequest &request, std::vector<c10::IValue> inputs,
                                       std::vector<Tensor> *found) {
  std::vector<Tensor> outputs = listOutputs(module.forward(inputs));
  if (!request.gradients)
    return outputs;
  std::vector<Tensor> targets;
  for (const State &state : parameterStates)
    targets.push_back(state.live);
  for (const c10::IValue &input : inputs)
    targets.push_back(input.isTensor() ? input.toTensor() : Tensor());
  std::vector<Tensor> gradients = differentiate(outputs, request, targets);
  if (found)
    *found = std::move(gradients);
  return outputs;
}

static std::optional<HostTensor> toOptionalHost(const Tensor &tensor) {
  return tensor.defined() ? std::optional(toHost(tensor)) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// What a call does besides its results
//===----------------------------------------------------------------------===//

static bool sameBits(const Tensor &a, const HostTensor &b) {
  Tensor dense = a.detach().contiguous();
  return dense.nbytes() == b.numBytes() &&
         (b.numBytes() == 0 || std::memcmp(dense.data_ptr(), b.data(), b.numBytes()) == 0);
}

static bool shareMemory(const Tensor &a, const Tensor &b) {
  return a.defined() && b.defined() && a.has_storage() && a.nbytes() > 0 && b.has_storage() &&
         a.storage().data() == b.storage().data();
}

namespace {
/// Finds what outputs lie in the memory of.
struct Sharing {
  const std::vector<Tensor> &outputs;
  std::vector<std::string> &found;

  void lookIn(const Tensor &memory, const std::string &name, size_t first = 0) {
    for (size_t i = first; i < outputs.size(); ++i)
      if (shareMemory(outputs[i], memory))
        found.push_back("output " + std::to_string(i) + " lies in " + name);
  }
};
} // namespace

/// How often each input has been written to, which torch counts.
static std::vector<int64_t> versionsOf(const std::vector<c10::IValue> &inputs) {
  std::vector<int64_t> versions;
  for (const c10::IValue &input : inputs)
    versions.push_back(input.isTensor() ? input.toTensor()._version() : 0);
  return versions;
}

/// Its own values may have been written to an input, so the bits do not tell all; nor does
/// torch count what is written past it.
static void watch(const RunRequest &request, const std::vector<c10::IValue> &inputs,
                  const std::vector<int64_t> &versions, const std::vector<Tensor> &outputs,
                  std::initializer_list<const std::vector<State> *> states, RunResult &result) {
  Sharing sharing{outputs, result.shared};
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].isTensor())
      continue;
    if (inputs[i].toTensor()._version() != versions[i] ||
        !sameBits(inputs[i].toTensor(), *request.inputs[i]))
      result.writtenInputs.push_back(unsigned(i));
    sharing.lookIn(inputs[i].toTensor(), "input " + std::to_string(i));
  }
  for (const std::vector<State> *list : states)
    for (const State &state : *list)
      sharing.lookIn(state.live, "'" + state.name + "'");
  for (size_t i = 0; i < outputs.size(); ++i)
    sharing.lookIn(outputs[i], "output " + std::to_string(i), i + 1);
}

llvm::Expected<RunResult> LoadedModule::run(const RunRequest &request) {
  return guarded("run the kernel", [&] {
    torch::jit::GraphOptimizerEnabledGuard plain(false);
    at::AutoGradMode gradients(request.gradients);
    StateScope scope(*this, request.inDouble, request.parameters);
    module.train(request.training);
    std::vector<c10::IValue> inputs = makeInputs(request);
    seedGenerator(request.seed);
    std::vector<int64_t> versions = versionsOf(inputs);
    std::vector<Tensor> found, outputs = call(request, inputs, &found);
    RunResult result;
    for (const Tensor &output : outputs)
      result.outputs.push_back(toHost(output));
    for (const State &state : bufferStates)
      result.buffers.emplace_back(state.name, toHost(state.live));
    if (request.watched)
      watch(request, inputs, versions, outputs, {&parameterStates, &bufferStates}, result);
    for (size_t i = 0; i < found.size(); ++i)
      if (i < parameterStates.size())
        result.parameterGradients.emplace_back(parameterStates[i].name, toOptionalHost(found[i]));
      else
        result.inputGradients.push_back(toOptionalHost(found[i]));
    return result;
  });
}

llvm::Expected<std::unique_ptr<LoadedKernel>> LoadedModule::deepCopy() {
  return guarded("copy the kernel", [&]() -> std::unique_ptr<LoadedKernel> {
    at::AutoGradMode gradients(false); // or torch's copies would not be leaves
    torch::jit::Module copy = module.deepcopy();
    size_t next = 0;
    for (const auto &entry : copy.named_parameters()) // which it does not keep
      Tensor(entry.value).requires_grad_(parameterStates[next++].live.requires_grad());
    return std::make_unique<LoadedModule>(copy);
  });
}

//===----------------------------------------------------------------------===//
// Time
//===----------------------------------------------------------------------===//

namespace {
using Milliseconds = std::chrono::duration<double, std::milli>;
using Clock = std::chrono::steady_clock;
} // namespace

/// Without StateScope, whose copies may take longer than the call: eval mode
/// writes to no state.
llvm::Expected<double> LoadedModule::time(const RunRequest &request, double budget) {
  return guarded("time the kernel", [&] {
    c10::InferenceMode noGradients;
    module.eval();
    std::vector<c10::IValue> inputs = makeInputs(request);
    // The executor profiles the first call of all and optimises in the second.
    for (int warmUp = 0; warmUp < 2; ++warmUp)
      module.forward(inputs);
    Milliseconds least = Milliseconds::max();
    Clock::time_point start = Clock::now(), before = start;
    do {
      module.forward(inputs);
      Clock::time_point now = Clock::now();
      least = std::min(least, Milliseconds(now - before));
      before = now;
    } while (Milliseconds(before - start).count() < budget);
    return least.count();
  });
}

llvm::Expected<double> LoadedModule::timeCalls(const RunRequest &request, unsigned calls) {
  return guarded("time the kernel", [&] {
    torch::jit::GraphOptimizerEnabledGuard plain(false);
    c10::InferenceMode noGradients(!request.gradients);
    at::AutoGradMode gradients(request.gradients);
    module.train(request.training);
    std::vector<c10::IValue> inputs = makeInputs(request);
    seedGenerator(request.seed);
    for (int warmUp = 0; !warm && warmUp < 2; ++warmUp)
      call(request, inputs, nullptr);
    warm = true;
    double start = threadMilliseconds();
    for (unsigned i = 0; i < calls; ++i)
      call(request, inputs, nullptr);
    return (threadMilliseconds() - start) / calls;
  });
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

std::string LoadedModule::source() const {
  auto printed = guarded("print the kernel", [&] {
    std::vector<c10::IValue> constants;
    torch::jit::PrintDepsTable dependencies;
    torch::jit::PythonPrint printer(constants, dependencies);
    printer.printMethod(module.get_method("forward").function());
    return printer.str();
  });
  return printed ? *printed : llvm::toString(printed.takeError());
}

llvm::Expected<std::unique_ptr<LoadedKernel>> tez::loadKernel(llvm::StringRef bytes) {
  if (llvm::Error error = checkKernelFile(bytes))
    return llvm::createStringError("torch cannot load the kernel: " +
                                   llvm::toString(std::move(error)));
  return guarded("load the kernel", [&]() -> std::unique_ptr<LoadedKernel> {
    auto adapter =
        std::make_unique<caffe2::serialize::MemoryReadAdapter>(bytes.data(), off_t(bytes.size()));
    return std::make_unique<LoadedModule>(
        torch::jit::load(std::move(adapter), at::Device(at::kCPU), /*load_debug_files=*/false));
  });
}
