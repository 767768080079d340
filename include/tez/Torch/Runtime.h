//===- Runtime.h - The border to libtorch -----------------------*- C++ -*-===//
//
// Emits kernel files and runs them. The implementation is libTezTorch.so,
// opened on first use; this header has no libtorch type in it. No exception
// crosses: torch's errors come back as llvm::Error, of which the message is the
// one line that says what is wrong (all of it if $TEZ_TORCH_FULL_ERRORS is set).
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TORCH_RUNTIME_H
#define TEZ_TORCH_RUNTIME_H

#include "tez/Support/HostTensor.h"
#include "tez/Support/RandomSource.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>
#include <optional>

namespace tez {
class WeightStore;
namespace ts {
class ModuleOp;
} // namespace ts

using NamedTensors = std::vector<std::pair<std::string, HostTensor>>;

/// One call of a kernel.
struct RunRequest {
  /// In order of the kernel's inputs; nullopt passes None.
  std::vector<std::optional<HostTensor>> inputs;
  bool training = false;  ///< train() or eval() first
  uint64_t seed = 0;      ///< torch.manual_seed before the call
  bool inDouble = false;  ///< run the kernel after .double() (inputs must be f64)
  bool gradients = false; ///< also run backward
  /// With gradients: one per output; a missing tail or nullopt means that the
  /// output takes no gradient (integer outputs).
  std::vector<std::optional<HostTensor>> outputGradients;
};

struct RunResult {
  std::vector<HostTensor> outputs;
  /// State-dict names in the order of named_parameters; nullopt: no gradient.
  std::vector<std::pair<std::string, std::optional<HostTensor>>> parameterGradients;
  /// One per input; nullopt: not a floating tensor, or no gradient.
  std::vector<std::optional<HostTensor>> inputGradients;
  NamedTensors buffers; ///< after the call
};

/// A kernel loaded from bytes. Every run starts from the loaded state: what a
/// run does to the buffers is reported and then undone. One thread at a time.
class LoadedKernel {
public:
  virtual ~LoadedKernel() = default;
  virtual llvm::Expected<RunResult> run(const RunRequest &request) = 0;
  /// The least milliseconds that forward took in eval mode, called as a host calls
  /// it that wants no gradients: some calls to warm up, then as many as fit into
  /// `budget` milliseconds, at least one. Only the request's inputs count.
  virtual llvm::Expected<double> time(const RunRequest &request, double budget) = 0;
  /// Parameters, then buffers, as named_parameters()/named_buffers() order them.
  virtual NamedTensors parameters() const = 0;
  virtual NamedTensors buffers() const = 0;
  /// The TorchScript source of forward, as torch prints it.
  virtual std::string source() const = 0;
};

class TorchRuntime {
public:
  virtual ~TorchRuntime() = default;
  /// "2.15.0"
  virtual std::string version() const = 0;

  /// The bytes of a kernel file: `module` with the tensors of `weights` and
  /// `extra` records (name below extra/, content). Same input, same bytes.
  virtual llvm::Expected<std::string> emit(ts::ModuleOp module, const WeightStore &weights,
                                           const std::map<std::string, std::string> &extra) = 0;

  virtual llvm::Expected<std::unique_ptr<LoadedKernel>> load(llvm::StringRef bytes) = 0;

  /// Draws what ATen's random operators draw on the CPU after manual_seed(seed).
  /// `dtype`: the floating type the kernel ran in (the draws depend on it).
  virtual std::unique_ptr<RandomSource> randomSource(uint64_t seed, DType dtype) = 0;

  /// Schemas of all overloads of an operator ("aten::linear"), to compare the
  /// checked-in table with the torch installed.
  virtual std::vector<std::string> schemasOf(llvm::StringRef name) = 0;

  /// Intra-op threads; 1 makes validation reproducible and cheap.
  virtual void setThreads(int threads) = 0;
};

/// The process's runtime, opened on the first call (libTezTorch.so beside the
/// compiler library, or $TEZ_TORCH_LIBRARY). The error tells where it looked.
llvm::Expected<TorchRuntime *> getTorchRuntime();

} // namespace tez

#endif // TEZ_TORCH_RUNTIME_H
