//===- Winograd.cpp -------------------------------------------------------===//

#include "Winograd.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez;
using native::Square;

namespace {
/// Sums and differences of vectors.
struct Vectors {
  ImplicitLocOpBuilder &builder;
  Value add(Value a, Value b) const { return arith::AddFOp::create(builder, a, b); }
  Value subtract(Value a, Value b) const { return arith::SubFOp::create(builder, a, b); }

  /// B' times four numbers.
  std::array<Value, 4> ofPixels(Value a, Value b, Value c, Value d) const {
    return {subtract(a, c), add(b, c), subtract(c, b), subtract(b, d)};
  }
  /// A' times four numbers.
  std::array<Value, 2> ofProducts(Value a, Value b, Value c, Value d) const {
    return {add(add(a, b), c), subtract(subtract(b, c), d)};
  }
};
} // namespace

Square native::transformInput(const Square &pixels, ImplicitLocOpBuilder &builder) {
  Vectors vectors{builder};
  Square columns, made;
  for (size_t j = 0; j < 4; ++j) {
    auto column = vectors.ofPixels(pixels[j], pixels[4 + j], pixels[8 + j], pixels[12 + j]);
    for (size_t i = 0; i < 4; ++i)
      columns[4 * i + j] = column[i];
  }
  for (size_t i = 0; i < 16; i += 4) {
    auto line = vectors.ofPixels(columns[i], columns[i + 1], columns[i + 2], columns[i + 3]);
    llvm::copy(line, made.begin() + i);
  }
  return made;
}

std::array<Value, 4> native::transformProducts(const Square &products,
                                               ImplicitLocOpBuilder &builder) {
  Vectors vectors{builder};
  std::array<std::array<Value, 2>, 4> columns;
  for (size_t j = 0; j < 4; ++j)
    columns[j] =
        vectors.ofProducts(products[j], products[4 + j], products[8 + j], products[12 + j]);
  std::array<Value, 4> places;
  for (size_t i = 0; i < 2; ++i) {
    auto line = vectors.ofProducts(columns[0][i], columns[1][i], columns[2][i], columns[3][i]);
    llvm::copy(line, places.begin() + 2 * i);
  }
  return places;
}

/// G times three numbers.
static std::array<double, 4> ofWindow(double a, double b, double c) {
  return {a, (a + b + c) / 2, (a - b + c) / 2, c};
}

std::vector<float> native::transformWindows(const float *weight, int64_t windows) {
  std::vector<float> made(size_t(winogradProducts * windows));
  for (int64_t n = 0; n < windows; ++n) {
    const float *window = weight + 9 * n;
    std::array<std::array<double, 4>, 3> columns;
    for (size_t j = 0; j < 3; ++j)
      columns[j] = ofWindow(window[j], window[3 + j], window[6 + j]);
    for (size_t i = 0; i < 4; ++i) {
      auto line = ofWindow(columns[0][i], columns[1][i], columns[2][i]);
      for (size_t j = 0; j < 4; ++j)
        made[(4 * i + j) * size_t(windows) + size_t(n)] = float(line[j]);
    }
  }
  return made;
}
