//===- KernelFile.h - What a kernel file may ask of torch -------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_KERNELFILE_H
#define TEZ_LIB_TORCH_KERNELFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tez {

/// Refuses archives that torch's reader would not survive: records that inflate
/// without measure or share their bytes, and source that is nested so deep that
/// its parser runs out of stack.
llvm::Error checkKernelFile(llvm::StringRef bytes);

} // namespace tez

#endif // TEZ_LIB_TORCH_KERNELFILE_H
