//===- Size.h - A size as an expression of the inputs' sizes ----*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_EXPORT_SIZE_H
#define TEZ_LIB_TORCH_EXPORT_SIZE_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace tez::program {

/// What a size is in each sample, and the expression of the inputs' sizes that says so.
class Size {
public:
  Size() = default;
  /// A number that is the same in all of `samples` samples.
  static Size constant(int64_t value, size_t samples);
  /// Symbol `number`, "s0" being the first.
  static Size symbol(unsigned number, std::vector<int64_t> values);

  bool isConstant() const { return text.empty(); }
  /// In each sample.
  const std::vector<int64_t> &values() const { return measured; }
  /// In the first sample; the value, if constant.
  int64_t hint() const { return measured.front(); }
  /// As sympy's srepr writes it.
  std::string expression() const;

  Size operator+(const Size &other) const;
  Size operator*(const Size &other) const;
  Size operator+(int64_t number) const { return *this + constant(number, measured.size()); }
  Size operator*(int64_t number) const { return *this * constant(number, measured.size()); }
  /// Rounded down; `divisor` is positive.
  Size dividedBy(int64_t divisor) const;

private:
  std::string text; ///< empty: a constant
  std::vector<int64_t> measured;
};

/// The name of symbol `number`.
std::string symbolName(unsigned number);

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_SIZE_H
