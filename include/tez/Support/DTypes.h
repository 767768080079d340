//===- DTypes.h - The element types in C++ ----------------------*- C++ -*-===//
//
// One C++ type for each DType, all convertible from and to double, and a
// dispatch from the one to the other, so that no loop over elements is written
// ten times.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_SUPPORT_DTYPES_H
#define TEZ_SUPPORT_DTYPES_H

#include "tez/Support/HostTensor.h"
#include <bit>
#include <cmath>
#include <limits>

namespace tez {

/// `value` as float, rounded to odd: a second rounding to fewer bits then gives
/// what one direct rounding would have given (Boldo and Melquiond, 2008).
inline float roundToOdd(double value) {
  float nearest = static_cast<float>(value);
  if (static_cast<double>(nearest) == value || std::isnan(value))
    return nearest;
  auto bits = std::bit_cast<uint32_t>(nearest);
  if (std::fabs(static_cast<double>(nearest)) > std::fabs(value))
    --bits;
  return std::bit_cast<float>(bits | 1);
}

/// IEEE 754 binary16.
class Half {
public:
  explicit Half(double value) : value(static_cast<_Float16>(roundToOdd(value))) {}
  explicit operator double() const { return static_cast<float>(value); }

private:
  _Float16 value;
};

/// The upper half of an IEEE 754 binary32, rounded to nearest even.
class BFloat {
public:
  explicit BFloat(double value) {
    auto bits32 = std::bit_cast<uint32_t>(roundToOdd(value));
    if (std::isnan(value))
      bits = static_cast<uint16_t>(bits32 >> 16 | 0x40);
    else
      bits = static_cast<uint16_t>((bits32 + 0x7fff + (bits32 >> 16 & 1)) >> 16);
  }
  explicit operator double() const { return std::bit_cast<float>(uint32_t(bits) << 16); }

private:
  uint16_t bits;
};

/// An integer; doubles are rounded to nearest and saturate, NaN becomes 0.
template <typename T> class Integer {
public:
  explicit Integer(double number) {
    if (std::isnan(number))
      value = 0;
    else if (number <= static_cast<double>(std::numeric_limits<T>::min()))
      value = std::numeric_limits<T>::min();
    else if (number >= static_cast<double>(std::numeric_limits<T>::max()))
      value = std::numeric_limits<T>::max();
    else
      value = static_cast<T>(std::nearbyint(number));
  }
  explicit operator double() const { return static_cast<double>(value); }

private:
  T value;
};

/// One byte, 0 or 1.
class Boolean {
public:
  explicit Boolean(double number) : value(number != 0) {}
  explicit operator double() const { return value != 0; }

private:
  uint8_t value;
};

/// Calls `action.template operator()<T>()` with the C++ type of `dtype`.
template <typename Action> decltype(auto) dispatch(DType dtype, Action &&action) {
  switch (dtype) {
  case DType::f64:
    return action.template operator()<double>();
  case DType::f32:
    return action.template operator()<float>();
  case DType::f16:
    return action.template operator()<Half>();
  case DType::bf16:
    return action.template operator()<BFloat>();
  case DType::i64:
    return action.template operator()<Integer<int64_t>>();
  case DType::i32:
    return action.template operator()<Integer<int32_t>>();
  case DType::i16:
    return action.template operator()<Integer<int16_t>>();
  case DType::i8:
    return action.template operator()<Integer<int8_t>>();
  case DType::u8:
    return action.template operator()<Integer<uint8_t>>();
  case DType::i1:
    return action.template operator()<Boolean>();
  }
  __builtin_unreachable();
}

} // namespace tez

#endif // TEZ_SUPPORT_DTYPES_H
