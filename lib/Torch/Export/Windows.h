//===- Windows.h - The windows of convolutions and pools --------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_EXPORT_WINDOWS_H
#define TEZ_LIB_TORCH_EXPORT_WINDOWS_H

#include "Trace.h"

namespace tez::program {

/// The window that the call runs over its first operand, if it is a convolution or a pool of
/// windows. `operands`: of its tensors.
std::optional<Window> windowOf(const c10::FunctionSchema &schema,
                               llvm::ArrayRef<Reference> arguments,
                               llvm::ArrayRef<const Meta *> operands);

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_WINDOWS_H
