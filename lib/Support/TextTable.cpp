//===- TextTable.cpp - Aligned columns on a terminal ----------------------===//

#include "tez/Support/TextTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Unicode.h"

using namespace tez;

/// The text without what only sets its colour (`ESC [ ... m`).
static std::string withoutColour(llvm::StringRef cell) {
  std::string plain;
  for (size_t escape; (escape = cell.find("\x1b[")) != llvm::StringRef::npos;) {
    plain += cell.take_front(escape);
    cell = cell.drop_front(escape).split('m').second;
  }
  return plain + cell.str();
}

/// Columns on a terminal; bytes where the text is not printable Unicode.
static size_t widthOf(llvm::StringRef cell) {
  std::string plain = withoutColour(cell);
  int width = llvm::sys::unicode::columnWidthUTF8(plain);
  return width < 0 ? plain.size() : size_t(width);
}

void TextTable::print(llvm::raw_ostream &stream) const {
  if (rows.empty())
    return;
  std::vector<size_t> widths(rows.front().size());
  for (const auto &row : rows)
    for (auto [i, cell] : llvm::enumerate(row))
      widths[i] = std::max(widths[i], widthOf(cell));
  for (const auto &row : rows) {
    std::string line = " ";
    for (auto [i, cell] : llvm::enumerate(row)) {
      std::string padding(widths[i] - widthOf(cell), ' ');
      line += " " + (i < texts ? cell + padding : padding + cell) + " ";
    }
    stream << llvm::StringRef(line).rtrim() << "\n";
  }
}
