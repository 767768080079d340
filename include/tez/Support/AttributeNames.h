//===- AttributeNames.h - What a part of a kernel may be called -*- C++ -*-===//

#ifndef TEZ_SUPPORT_ATTRIBUTENAMES_H
#define TEZ_SUPPORT_ATTRIBUTENAMES_H

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

namespace tez {

/// True if a module, parameter or buffer can have this name (one component of a
/// state-dict name, without dots) in a file that torch.jit.load opens. Any text
/// can, keywords and Unicode included, but for the few names that torch's own
/// modules need for themselves (found by trying every attribute they have). At the
/// top of a kernel it cannot be `forward` either.
inline bool isAttributeName(llvm::StringRef name) {
  static constexpr llvm::StringRef taken[] = {
      "", "training",
      // Python's side of a script module
      "_backward_hooks", "_backward_pre_hooks", "_buffers", "_c", "_concrete_type",
      "_forward_hooks", "_forward_pre_hooks", "_initializing", "_modules", "_parameters",
      "_state_dict_hooks", "_state_dict_pre_hooks",
      // the text of a class
      "__annotations__", "__buffers__", "__constants__", "__parameters__"};
  return !llvm::is_contained(taken, name) && !name.contains('.');
}

} // namespace tez

#endif // TEZ_SUPPORT_ATTRIBUTENAMES_H
