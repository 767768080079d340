//===- Graft.cpp - A kernel trained inside a host -------------------------===//

#include "Guard.h"
#include "LoadedModule.h"
#include "Tensors.h"
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/optim/sgd.h>

using namespace tez;
using at::Tensor;

namespace {
/// The trainable scalars around the kernel.
struct Scaling {
  Tensor scale = make(1), shift = make(0);

  Tensor operator()(const Tensor &x) const { return scale * x + shift; }

private:
  static Tensor make(double value) {
    return at::scalar_tensor(value, at::kDouble).set_requires_grad(true);
  }
};

struct Host {
  std::vector<Scaling> inputs; ///< of floating inputs alone
  Scaling outputs;

  explicit Host(const GraftRequest::Tensors &like) {
    for (const auto &input : like)
      if (input && input->dtype() == DType::f64)
        inputs.emplace_back();
  }

  std::vector<c10::IValue> scaled(const GraftRequest::Tensors &given) const {
    std::vector<c10::IValue> values;
    size_t next = 0;
    for (const auto &input : given) {
      if (!input)
        values.emplace_back();
      else if (input->dtype() == DType::f64)
        values.emplace_back(inputs[next++](toTorch(*input)));
      else
        values.emplace_back(toTorch(*input));
    }
    return values;
  }

  Tensor loss(const std::vector<Tensor> &found, const GraftRequest::Tensors &targets) const {
    Tensor total = at::scalar_tensor(0, at::kDouble);
    for (size_t i = 0; i < found.size(); ++i)
      if (i < targets.size() && targets[i])
        total = total + (outputs(found[i]) - toTorch(*targets[i])).square().mean();
    return total;
  }

  std::vector<Tensor> parameters() const {
    std::vector<Tensor> all;
    for (const Scaling &one : inputs)
      all.insert(all.end(), {one.scale, one.shift});
    all.insert(all.end(), {outputs.scale, outputs.shift});
    return all;
  }
};
} // namespace

static HostTensor copied(const Tensor &tensor) { return toHost(tensor.detach().clone()); }

llvm::Expected<GraftResult> LoadedModule::graft(const GraftRequest &request) {
  return guarded("train the kernel in a host", [&] {
    torch::jit::GraphOptimizerEnabledGuard plain(false);
    at::AutoGradMode gradients(true);
    StateScope scope(*this, /*inDouble=*/true);
    for (State &state : parameterStates) // the loaded values stay as they are
      state.live.set_data(state.live.clone());
    module.train(true);
    Host host(request.inputs.front());
    std::vector<Tensor> trained = host.parameters();
    for (State &state : parameterStates)
      trained.push_back(state.live);
    torch::optim::SGD optimizer(trained,
                                torch::optim::SGDOptions(request.rate).momentum(request.momentum));
    GraftResult result;
    for (size_t step = 0; step < request.inputs.size(); ++step) {
      optimizer.zero_grad();
      seedGenerator(request.seed + step);
      std::vector<Tensor> found = listOutputs(module.forward(host.scaled(request.inputs[step])));
      Tensor loss = host.loss(found, request.targets[step]);
      result.losses.push_back(loss.item<double>());
      loss.backward();
      optimizer.step();
    }
    for (const State &state : parameterStates)
      result.parameters.emplace_back(state.name, copied(state.live));
    for (const State &state : bufferStates)
      result.buffers.emplace_back(state.name, copied(state.live));
    for (const Tensor &scalar : host.parameters())
      result.host.push_back(scalar.item<double>());
    for (State &state : parameterStates)
      state.live.mutable_grad() = Tensor();
    return result;
  });
}
