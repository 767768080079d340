//===- Program.h - What is asked of an exported program ---------*- C++ -*-===//

#ifndef TEZ_TORCH_PROGRAM_H
#define TEZ_TORCH_PROGRAM_H

#include "tez/Support/HostTensor.h"
#include <optional>
#include <string>
#include <vector>

namespace tez {

/// How to make an ExportedProgram of a kernel (TorchRuntime::exportProgram).
struct ProgramRequest {
  /// An input as callers pass it.
  struct Input {
    std::string name; ///< of the argument, an identifier
    DType dtype = DType::f32;
    /// For each dimension the number of the symbol that its size is, or -1 where it is fixed.
    std::vector<int> symbols;
  };

  bool training = false; ///< the mode that the program is of
  /// Of the kernel; nullopt: an input that the program leaves out.
  std::vector<std::optional<Input>> inputs;
  std::vector<int64_t> least; ///< of each symbol: the least size that the kernel admits
  /// Shapes that the kernel may be called with, for each of `inputs` (empty: left out). Every
  /// symbol has several sizes in them.
  std::vector<std::vector<std::vector<int64_t>>> samples;
};

} // namespace tez

#endif // TEZ_TORCH_PROGRAM_H
