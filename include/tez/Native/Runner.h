//===- Runner.h - Machine code between guard pages --------------*- C++ -*-===//

#ifndef TEZ_NATIVE_RUNNER_H
#define TEZ_NATIVE_RUNNER_H

#include "tez/Native/MachineCode.h"
#include "tez/Support/HostTensor.h"
#include <memory>

namespace tez::native {

/// Where in its pages a tensor lies: what reaches beyond its end, or before its beginning, hits a
/// page that the process may not touch.
enum class Guard { End, Begin };

/// Runs machine code of this processor. Every tensor of a call, every weight and the scratch
/// memory lie in pages of their own between pages that nobody may touch; inputs and weights in
/// pages that nobody may write. Code that touches anything else ends the process by a signal, so
/// run it in a child.
class Runner {
public:
  ~Runner();
  /// Of `code`, or of its twin with checks, which it must have then. `code` must outlive it.
  static llvm::Expected<std::unique_ptr<Runner>> create(const MachineCode &code,
                                                        bool checked = false);

  /// Can this machine run it.
  static bool canRun(const Target &target);

  /// fp32 inputs [..., columns] with the same leading dimensions -> outputs.
  llvm::Expected<std::vector<HostTensor>> run(llvm::ArrayRef<HostTensor> inputs, Guard guard);

  /// The mean of so many calls, at least one, in milliseconds of this thread's processor time.
  llvm::Expected<double> milliseconds(llvm::ArrayRef<HostTensor> inputs, unsigned calls);

  /// How long one call takes with so many rows (of samples: one, of so many positions), inputs
  /// being 0.25: the mean of as many as fit into a millisecond, at least one. 0 without memory.
  double nanoseconds(int64_t rows);

private:
  class Memory;
  struct Call;
  /// The tensors of a call; of inputs those that `input` gives, or 0.25.
  llvm::Expected<Call> prepare(int64_t rows, Guard guard, llvm::ArrayRef<HostTensor> inputs) const;
  void enter(const Call &call, int64_t rows, int64_t positions) const;
  Runner(const MachineCode &code, const Image &image);
  llvm::Error load();

  const MachineCode &code;
  const Image &image;
  std::unique_ptr<Memory> loaded;
};

} // namespace tez::native

#endif // TEZ_NATIVE_RUNNER_H
