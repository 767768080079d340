//===- Names.h - Names of the values of a program ---------------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_EXPORT_NAMES_H
#define TEZ_LIB_TORCH_EXPORT_NAMES_H

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <string>

namespace tez::program {

/// Hands out names that are Python identifiers, each once.
class Names {
public:
  /// `wanted`, with "_" for what no identifier has in it, and a number where it is taken.
  std::string unique(llvm::StringRef wanted) {
    std::string name = wanted.str();
    for (char &c : name)
      if (!llvm::isAlnum(c))
        c = '_';
    return taken.insert(name).second ? name : fresh(name);
  }

  /// "add_1", "add_2", ...: with a number, it is none of Python's own names.
  std::string fresh(llvm::StringRef base) {
    for (;;) {
      std::string name = (base + "_" + llvm::Twine(++counters[base])).str();
      if (taken.insert(name).second)
        return name;
    }
  }

private:
  llvm::StringSet<> taken;
  llvm::StringMap<unsigned> counters;
};

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_NAMES_H
