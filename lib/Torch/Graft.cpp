//===- Graft.cpp - A kernel trained inside a host -------------------------===//

#include "Guard.h"
#include "LoadedModule.h"
#include "Tensors.h"
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

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
/// SGD with momentum as torch.optim.SGD(fused=True) has it: one pass over memory for all
/// tensors. A tensor without a gradient stands still.
class Optimizer {
public:
  Optimizer(std::vector<Tensor> trained, const GraftRequest &request)
      : trained(std::move(trained)), velocities(this->trained.size()), request(request) {}

  void step() {
    at::NoGradGuard alone;
    for (bool first : {true, false}) // velocities start with the first gradient
      update(withGradients(first), first);
  }

private:
  std::vector<size_t> withGradients(bool first) const {
    std::vector<size_t> chosen;
    for (size_t i = 0; i < trained.size(); ++i)
      if (trained[i].grad().defined() && velocities[i].defined() != first)
        chosen.push_back(i);
    return chosen;
  }
  void update(const std::vector<size_t> &chosen, bool first) {
    std::vector<Tensor> values, gradients, moved;
    for (size_t i : chosen) {
      values.push_back(trained[i]);
      gradients.push_back(trained[i].grad());
      if (first)
        velocities[i] = at::empty_like(trained[i]);
      moved.push_back(velocities[i]);
      trained[i].mutable_grad() = Tensor();
    }
    if (!chosen.empty())
      at::_fused_sgd_(values, gradients, moved, /*weight_decay=*/0, request.momentum, request.rate,
                      /*dampening=*/0, /*nesterov=*/false, /*maximize=*/false, first);
  }

  std::vector<Tensor> trained, velocities;
  const GraftRequest &request;
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
    Optimizer optimizer(std::move(trained), request);
    GraftResult result;
    for (size_t step = 0; step < request.inputs.size(); ++step) {
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
    return result;
  });
}
