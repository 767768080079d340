//===- StateNames.h - What a part of a Python module cannot be called -----===//

#ifndef TEZ_LIB_TORCH_EXPORT_STATENAMES_H
#define TEZ_LIB_TORCH_EXPORT_STATENAMES_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tez::program {

/// Why nothing in a module that torch.export makes can have this name in the state dict; empty
/// where it can. TorchScript takes more names: it has no methods beside forward, and its text
/// quotes what is no identifier.
std::string refuseName(llvm::StringRef name);

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_STATENAMES_H
