//===- Size.cpp - A size as an expression of the inputs' sizes ------------===//

#include "Size.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace tez::program;

std::string tez::program::symbolName(unsigned number) { return "s" + std::to_string(number); }

Size Size::constant(int64_t value, size_t samples) {
  Size size;
  size.measured.assign(samples, value);
  return size;
}

/// Positive, as torch takes sizes to be that it did not specialise to.
Size Size::symbol(unsigned number, std::vector<int64_t> values) {
  Size size;
  size.text = "Symbol('" + symbolName(number) + "', positive=True, integer=True)";
  size.measured = std::move(values);
  return size;
}

std::string Size::expression() const {
  return isConstant() ? "Integer(" + std::to_string(hint()) + ")" : text;
}

Size Size::operator+(const Size &other) const {
  Size sum = *this;
  for (auto [value, added] : llvm::zip(sum.measured, other.measured))
    value += added;
  if (isConstant() && other.isConstant())
    return sum;
  if (other.isConstant() && other.hint() == 0)
    return *this;
  if (isConstant() && hint() == 0)
    return other;
  sum.text = "Add(" + expression() + ", " + other.expression() + ")";
  return sum;
}

Size Size::operator*(const Size &other) const {
  Size product = *this;
  for (auto [value, factor] : llvm::zip(product.measured, other.measured))
    value *= factor;
  if (isConstant() && other.isConstant())
    return product;
  if (other.isConstant() && other.hint() == 1)
    return *this;
  if (isConstant() && hint() == 1)
    return other;
  product.text = "Mul(" + expression() + ", " + other.expression() + ")";
  return product;
}

Size Size::dividedBy(int64_t divisor) const {
  if (divisor == 1)
    return *this;
  Size quotient = *this;
  for (int64_t &value : quotient.measured)
    value = llvm::divideFloorSigned(value, divisor);
  if (!isConstant())
    quotient.text = "FloorDiv(" + text + ", Integer(" + std::to_string(divisor) + "))";
  return quotient;
}
