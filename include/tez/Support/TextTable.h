//===- TextTable.h - Aligned columns on a terminal --------------*- C++ -*-===//

#ifndef TEZ_SUPPORT_TEXTTABLE_H
#define TEZ_SUPPORT_TEXTTABLE_H

#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace tez {

/// Columns as wide as their widest cell: the first `texts` to the left, the rest,
/// numbers, to the right. Every row has the cells of the first.
struct TextTable {
  unsigned texts = 1;
  std::vector<std::vector<std::string>> rows;

  void print(llvm::raw_ostream &stream) const;
};

} // namespace tez

#endif // TEZ_SUPPORT_TEXTTABLE_H
