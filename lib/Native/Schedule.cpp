//===- Schedule.cpp -------------------------------------------------------===//

#include "tez/Native/Schedule.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;
using namespace tez::native;
using llvm::StringRef;

static constexpr int64_t mostSums = 64, mostPiece = int64_t(1) << 20;

std::string Schedule::text() const {
  std::string made;
  for (size_t i = 0; i < tiles.size(); i += 2)
    made += (i ? "+" : "") + std::to_string(tiles[i]) + "x" + std::to_string(tiles[i + 1]);
  return piece ? made + "@" + std::to_string(*piece) : made;
}

void Schedule::applyTo(ProductOp product) const {
  product.setSchedule(tiles);
  if (piece)
    product.setPiece(*piece);
}

static llvm::Error refuse(StringRef text, const llvm::Twine &expected) {
  return llvm::createStringError("schedule \"" + text + "\": expected " + expected);
}

llvm::Expected<Schedule> native::parseSchedule(StringRef text) {
  Schedule schedule;
  auto [tiles, piece] = text.split('@');
  int64_t number = 0;
  if (text.contains('@')) {
    if (piece.getAsInteger(10, number) || number < 1 || number > mostPiece)
      return refuse(text, "a piece of 1 to 2^20 terms behind the @");
    schedule.piece = number;
  }
  llvm::SmallVector<StringRef> parts;
  tiles.split(parts, '+');
  for (StringRef part : parts) {
    auto [rowText, panelText] = part.split('x');
    int64_t rows = 0, panels = 0;
    if (rowText.getAsInteger(10, rows) || panelText.getAsInteger(10, panels) || rows < 1 ||
        panels < 1 || rows > mostSums || panels > mostSums || rows * panels > mostSums)
      return refuse(text, "tiles ROWSxPANELS of at most 64 in all, found \"" + part + "\"");
    if (!schedule.tiles.empty() && rows >= schedule.tiles[schedule.tiles.size() - 2])
      return refuse(text, "tiles of fewer and fewer rows");
    schedule.tiles.insert(schedule.tiles.end(), {rows, panels});
  }
  if (schedule.tiles[schedule.tiles.size() - 2] != 1)
    return refuse(text, "a last tile of one row, which takes what the others leave");
  return schedule;
}

/// The narrowest there are.
static mlir::Type factorOf(ProductOp product) {
  auto element = [](mlir::Value value) {
    return mlir::cast<mlir::ShapedType>(value.getType()).getElementType();
  };
  auto narrower = [&](mlir::Value a, mlir::Value b) {
    return element(a).getIntOrFloatBitWidth() < element(b).getIntOrFloatBitWidth();
  };
  return element(*llvm::min_element(product.getRights(), narrower));
}

std::string native::nameOf(ProductOp product) {
  std::string depths;
  for (size_t i = 0; i < product.getLefts().size(); ++i)
    depths += (i ? "+" : "") + std::to_string(product.getDepth(i));
  mlir::Type element = factorOf(product);
  std::string kind = element.isF32() ? "" : element.isBF16() ? ".bf16" : ".i8";
  return depths + "x" + std::to_string(product.getColumns()) + kind;
}

/// Only a single product can keep its sums in `out`, and only long sums are worth it. Narrow rows
/// are short.
Schedule native::defaultSchedule(ProductOp product, const Target &target) {
  if (!factorOf(product).isF32())
    return {target.narrowTiles, {}};
  Schedule schedule{target.productTiles, {}};
  if (product.getLefts().size() == 1 && product.getDepth(0) >= 2 * target.depth)
    schedule.piece = target.depth;
  return schedule;
}

std::vector<Schedule> native::candidateSchedules(const Schedule &normal) {
  std::vector<Schedule> all;
  const std::vector<int64_t> &tiles = normal.tiles;
  for (size_t from = 2; from + 2 < tiles.size(); from += 2) // without the largest
    all.push_back({{tiles.begin() + from, tiles.end()}, normal.piece});
  for (size_t at = 0; at + 2 < tiles.size(); at += 2) // one and what it leaves, row by row
    all.push_back({{tiles[at], tiles[at + 1], 1, tiles.back()}, normal.piece});
  if (normal.piece)
    for (std::optional<int64_t> piece : {std::optional<int64_t>(), std::optional(*normal.piece / 2),
                                         std::optional(*normal.piece * 2)})
      all.push_back({tiles, piece});
  return all;
}
