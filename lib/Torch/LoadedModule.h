//===- LoadedModule.h - A kernel that runs in this process ------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_LOADEDMODULE_H
#define TEZ_LIB_TORCH_LOADEDMODULE_H

#include "tez/Torch/Runtime.h"
#include <torch/csrc/jit/api/module.h>

namespace tez {

/// A parameter or buffer and the value that the file gave it.
struct State {
  std::string name;
  at::Tensor live;   ///< what the module holds
  at::Tensor loaded; ///< never written to
  at::Tensor asDouble() const {
    return loaded.is_floating_point() ? loaded.to(at::kDouble) : loaded;
  }
};

/// LoadedKernel over a TorchScript module.
class LoadedModule : public LoadedKernel {
public:
  explicit LoadedModule(torch::jit::Module loaded);

  llvm::Expected<RunResult> run(const RunRequest &request) override;
  llvm::Expected<double> time(const RunRequest &request, double budget) override;
  llvm::Expected<double> timeCalls(const RunRequest &request, unsigned calls) override;
  llvm::Expected<std::vector<OperatorTime>> timeOperators(const RunRequest &request,
                                                          double budget) override;
  llvm::Expected<GraftResult> graft(const GraftRequest &request) override;
  llvm::Expected<std::unique_ptr<LoadedKernel>> deepCopy() override;
  NamedTensors parameters() const override { return values(parameterStates); }
  NamedTensors buffers() const override { return values(bufferStates); }
  std::string source() const override;

private:
  static NamedTensors values(const std::vector<State> &states);
  /// One forward, and backward if the request says so; `found` are the gradients of
  /// parameters, then inputs.
  std::vector<at::Tensor> call(const RunRequest &request, std::vector<c10::IValue> inputs,
                               std::vector<at::Tensor> *found);

  friend class StateScope;
  torch::jit::Module module;
  std::vector<State> parameterStates, bufferStates;
  bool warm = false; ///< timeCalls has called it
};

/// For the time of one run the buffers are copies, and in double everything is;
/// afterwards the module holds again what was loaded.
class StateScope {
public:
  StateScope(LoadedModule &kernel, bool inDouble,
             const std::map<std::string, HostTensor> &parameters = {});
  ~StateScope();
  StateScope(const StateScope &) = delete;
  StateScope &operator=(const StateScope &) = delete;

private:
  LoadedModule &kernel;
};

/// The arguments of a call, in memory of their own where the request needs that.
std::vector<c10::IValue> makeInputs(const RunRequest &request);

/// The tensors that forward returned.
std::vector<at::Tensor> listOutputs(const c10::IValue &returned);

/// What torch.manual_seed does on the CPU.
void seedGenerator(uint64_t seed);

} // namespace tez

#endif // TEZ_LIB_TORCH_LOADEDMODULE_H
