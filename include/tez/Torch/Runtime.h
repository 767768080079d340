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
#include "tez/Torch/Program.h"
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

/// How the floating inputs of a call lie in memory; the values are the same.
enum class MemoryLayout : uint8_t {
  Contiguous,
  Strided,      ///< every second element of the last dimension of something larger
  ChannelsLast, ///< inputs of rank 4 and 5
};

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
  MemoryLayout layout = MemoryLayout::Contiguous;
  bool onMeta = false;  ///< floating inputs on torch's device without memory
  bool watched = false; ///< also find `writtenInputs` and `shared`
  /// Values for this call in place of the loaded ones, by state-dict name; f64 with
  /// inDouble.
  std::map<std::string, HostTensor> parameters;
};

struct RunResult {
  std::vector<HostTensor> outputs;
  /// State-dict names in the order of named_parameters; nullopt: no gradient.
  std::vector<std::pair<std::string, std::optional<HostTensor>>> parameterGradients;
  /// One per input; nullopt: not a floating tensor, or no gradient.
  std::vector<std::optional<HostTensor>> inputGradients;
  NamedTensors buffers; ///< after the call
  /// If watched: inputs that the call wrote to; and outputs that lie in the memory
  /// of an input, of state or of each other ("output 0 lies in input 1").
  std::vector<unsigned> writtenInputs;
  std::vector<std::string> shared;
};

/// An operator call of forward that computes tensors.
struct OperatorTime {
  std::string name;            ///< "aten::linear"
  std::optional<double> least; ///< milliseconds; none where no call came by
};

/// A kernel between two trainable scalings, trained by SGD with momentum: floating
/// input i is scale[i] * x + shift[i], an output enters the loss as
/// mean((scale * y + shift - target)^2). In fp64 and training mode; step s has the
/// seed `seed + s`.
struct GraftRequest {
  using Tensors = std::vector<std::optional<HostTensor>>;
  std::vector<Tensors> inputs, targets; ///< one of each a step; no target: not in the loss
  double rate = 0.01, momentum = 0.9;
  uint64_t seed = 0;
};

struct GraftResult {
  std::vector<double> losses;       ///< before each step
  NamedTensors parameters, buffers; ///< at the end
  /// scale and shift of each floating input, then of the outputs
  std::vector<double> host;
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
  /// Milliseconds of processor a call, of the calling thread, on which torch stays: of `calls` in
  /// a row after two to warm up in the first of all requests; with the request's gradients and
  /// mode, without the copies that run() makes (buffers move on).
  virtual llvm::Expected<double> timeCalls(const RunRequest &request, unsigned calls) = 0;
  /// Each operator of forward in the order of its source, timed within calls as time()
  /// makes them, but not fused; as many calls as fit into `budget` milliseconds.
  virtual llvm::Expected<std::vector<OperatorTime>> timeOperators(const RunRequest &request,
                                                                  double budget) = 0;
  /// Trains the kernel in a host; the loaded state is there again afterwards.
  virtual llvm::Expected<GraftResult> graft(const GraftRequest &request) = 0;
  /// What copy.deepcopy makes of it in a host.
  virtual llvm::Expected<std::unique_ptr<LoadedKernel>> deepCopy() = 0;
  /// Parameters, then buffers, as named_parameters()/named_buffers() order them.
  virtual NamedTensors parameters() const = 0;
  virtual NamedTensors buffers() const = 0;
  /// The TorchScript source of forward, as torch prints it.
  virtual std::string source() const = 0;
};

/// Watches the memory that torch's operators take on the CPU while it lives. One at
/// a time.
class MemoryWatch {
public:
  virtual ~MemoryWatch() = default;
  virtual int64_t live() const = 0; ///< bytes given out since it began, and not given back
  virtual int64_t peak() const = 0; ///< largest live() since restartPeak()
  virtual void restartPeak() = 0;
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

  /// `fill`: each byte of fresh memory is this (0xFF makes NaNs).
  virtual std::unique_ptr<MemoryWatch> watchMemory(std::optional<uint8_t> fill) = 0;

  /// May children that this process forks run backward once it has done so itself? Not
  /// where torch has threads for GPUs.
  virtual bool mayForkAfterBackward() = 0;

  /// Intra-op threads; 1 makes validation reproducible and cheap.
  virtual void setThreads(int threads) = 0;

  /// The bytes of a .pt2 archive that torch.export.load of torch 2.15 opens: `module` as an
  /// ExportedProgram that makes the same calls, with the tensors of `weights`. Runs forward once
  /// for each sample of the request. Same input, same bytes. nullopt after an error at the op
  /// that has no form there.
  virtual llvm::Expected<std::optional<std::string>>
  exportProgram(ts::ModuleOp module, const WeightStore &weights, const ProgramRequest &request) = 0;
};

/// The process's runtime, opened on the first call (libTezTorch.so beside the
/// compiler library, or $TEZ_TORCH_LIBRARY). The error tells where it looked.
llvm::Expected<TorchRuntime *> getTorchRuntime();

} // namespace tez

#endif // TEZ_TORCH_RUNTIME_H
