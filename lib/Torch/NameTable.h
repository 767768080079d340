//===- NameTable.h - Attribute names that torch cannot spell ----*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_NAMETABLE_H
#define TEZ_LIB_TORCH_NAMETABLE_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace tez {

/// No identifier, though it looks like one.
bool isPythonKeyword(llvm::StringRef name);

/// torch.save writes the names of attributes into TorchScript text, where it
/// forgets that some are keywords (`class`) and mangles quotes and all that is
/// not ASCII. Its reader understands them when they are quoted and escaped. So
/// such a name goes through torch as a stand-in and is put in its place in what
/// torch wrote.
class NameTable {
public:
  /// The name itself, or its stand-in. Throws for names that nothing can have
  /// (isAttributeName).
  std::string encode(llvm::StringRef name);

  /// With the names, escaped, for the stand-ins in a text of TorchScript.
  std::string decodeSource(llvm::StringRef text) const;
  /// With the names for the stand-ins among the strings of a pickle.
  std::string decodePickle(llvm::StringRef pickle) const;

private:
  template <typename Replace> std::string decode(llvm::StringRef text, Replace replace) const;

  std::vector<std::string> names;
  llvm::StringMap<size_t> indices;
};

} // namespace tez

#endif // TEZ_LIB_TORCH_NAMETABLE_H
