//===- Kernel.cpp - A kernel that runs in this process --------------------===//

#include "Kernel.h"
#include "Guard.h"
#include "KernelFile.h"
#include "Tensors.h"
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>
#include <caffe2/serialize/in_memory_adapter.h>
#include <chrono>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/python_print.h>

using namespace tez;
using at::Tensor;

namespace {

/// A parameter or buffer and the value that the file gave it.
struct State {
  std::string name;
  Tensor live;   ///< what the module holds
  Tensor loaded; ///< never written to
  Tensor asDouble() const { return loaded.is_floating_point() ? loaded.to(at::kDouble) : loaded; }
};

class Kernel : public LoadedKernel {
public:
  explicit Kernel(torch::jit::Module loaded) : module(std::move(loaded)) {
    for (const auto &entry : module.named_parameters())
      parameterStates.push_back({entry.name, entry.value, entry.value.detach()});
    for (const auto &entry : module.named_buffers())
      bufferStates.push_back({entry.name, entry.value, entry.value.detach()});
  }

  llvm::Expected<RunResult> run(const RunRequest &request) override;
  llvm::Expected<double> time(const RunRequest &request, double budget) override;
  NamedTensors parameters() const override { return values(parameterStates); }
  NamedTensors buffers() const override { return values(bufferStates); }
  std::string source() const override;

private:
  static NamedTensors values(const std::vector<State> &states) {
    NamedTensors tensors;
    for (const State &state : states)
      tensors.emplace_back(state.name, toHost(state.loaded));
    return tensors;
  }

  friend class StateScope;
  torch::jit::Module module;
  std::vector<State> parameterStates, bufferStates;
};

/// For the time of one run the buffers are copies, and in double everything is;
/// afterwards the module holds again what was loaded.
class StateScope {
public:
  StateScope(Kernel &kernel, bool inDouble) : kernel(kernel) {
    if (inDouble)
      for (State &state : kernel.parameterStates)
        state.live.set_data(state.asDouble());
    for (State &state : kernel.bufferStates)
      state.live.set_data(inDouble ? state.asDouble().clone() : state.loaded.clone());
  }
  ~StateScope() {
    for (auto *states : {&kernel.parameterStates, &kernel.bufferStates})
      for (State &state : *states)
        state.live.set_data(state.loaded);
  }
  StateScope(const StateScope &) = delete;
  StateScope &operator=(const StateScope &) = delete;

private:
  Kernel &kernel;
};

std::vector<c10::IValue> makeInputs(const RunRequest &request) {
  std::vector<c10::IValue> inputs;
  for (const std::optional<HostTensor> &input : request.inputs) {
    if (!input) {
      inputs.emplace_back();
      continue;
    }
    Tensor tensor = toTorch(*input);
    if (request.gradients && tensor.is_floating_point())
      tensor.requires_grad_();
    inputs.emplace_back(tensor);
  }
  return inputs;
}

std::vector<Tensor> listOutputs(const c10::IValue &returned) {
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
std::vector<Tensor> differentiate(const std::vector<Tensor> &outputs, const RunRequest &request,
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

std::optional<HostTensor> toOptionalHost(const Tensor &tensor) {
  return tensor.defined() ? std::optional(toHost(tensor)) : std::nullopt;
}

} // namespace

llvm::Expected<RunResult> Kernel::run(const RunRequest &request) {
  return guarded("run the kernel", [&] {
    torch::jit::GraphOptimizerEnabledGuard plain(false);
    at::AutoGradMode gradients(request.gradients);
    StateScope scope(*this, request.inDouble);
    module.train(request.training);
    std::vector<c10::IValue> inputs = makeInputs(request);
    at::Generator(at::detail::getDefaultCPUGenerator()).set_current_seed(request.seed);
    std::vector<Tensor> outputs = listOutputs(module.forward(inputs));
    RunResult result;
    for (const Tensor &output : outputs)
      result.outputs.push_back(toHost(output));
    for (const State &state : bufferStates)
      result.buffers.emplace_back(state.name, toHost(state.live));
    if (!request.gradients)
      return result;
    std::vector<Tensor> targets;
    for (const State &state : parameterStates)
      targets.push_back(state.live);
    for (const c10::IValue &input : inputs)
      targets.push_back(input.isTensor() ? input.toTensor() : Tensor());
    std::vector<Tensor> found = differentiate(outputs, request, targets);
    for (size_t i = 0; i < parameterStates.size(); ++i)
      result.parameterGradients.emplace_back(parameterStates[i].name, toOptionalHost(found[i]));
    for (size_t i = parameterStates.size(); i < found.size(); ++i)
      result.inputGradients.push_back(toOptionalHost(found[i]));
    return result;
  });
}

/// Without StateScope, whose copies may take longer than the call: eval mode
/// writes to no state.
llvm::Expected<double> Kernel::time(const RunRequest &request, double budget) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  using Clock = std::chrono::steady_clock;
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

std::string Kernel::source() const {
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
    return std::make_unique<Kernel>(
        torch::jit::load(std::move(adapter), at::Device(at::kCPU), /*load_debug_files=*/false));
  });
}
