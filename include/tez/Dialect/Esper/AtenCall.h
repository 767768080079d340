//===- AtenCall.h - An ATen call as an op states it -------------*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_ATENCALL_H
#define TEZ_DIALECT_ESPER_ATENCALL_H

#include "mlir/IR/Value.h"
#include "mlir/IR/ValueRange.h"
#include "llvm/ADT/SmallVector.h"
#include <variant>

namespace tez::esper {

struct AtenNone {};

/// One argument in schema order: a value (null value: None), a literal, or a
/// list. Converts from everything that ODS accessors return.
struct AtenArg {
  using Ints = llvm::SmallVector<int64_t>;
  using Values = llvm::SmallVector<mlir::Value>;
  using Doubles = llvm::SmallVector<double>;
  std::variant<AtenNone, mlir::Value, int64_t, double, bool, std::string, Ints, Values, Doubles>
      value;

  AtenArg(AtenNone) {}
  AtenArg(mlir::Value v) {
    if (v)
      value = v;
  }
  /// ODS single-operand accessors (TypedValue<...>).
  template <typename T>
    requires std::derived_from<T, mlir::Value>
  AtenArg(T v) : AtenArg(mlir::Value(v)) {}
  AtenArg(int64_t v) : value(v) {}
  AtenArg(int v) : value(int64_t(v)) {}
  AtenArg(bool v) : value(v) {}
  AtenArg(double v) : value(v) {}
  AtenArg(llvm::APFloat v) : value(v.convertToDouble()) {}
  AtenArg(const char *v) : value(std::string(v)) {}
  AtenArg(llvm::StringRef v) : value(v.str()) {}
  AtenArg(Ints v) : value(std::move(v)) {}
  AtenArg(llvm::ArrayRef<int64_t> v) : value(Ints(v)) {}
  AtenArg(llvm::ArrayRef<double> v) : value(Doubles(v)) {}
  AtenArg(Values v) : value(std::move(v)) {}
  AtenArg(mlir::ValueRange v) : value(Values(v.begin(), v.end())) {}
  template <typename T> AtenArg(std::optional<T> v) {
    if (v)
      value = AtenArg(*v).value;
  }
};

struct AtenCall {
  std::string name;
  llvm::SmallVector<AtenArg> arguments;

  /// A `#` in `name` becomes `spatialRank`.
  void set(llvm::StringRef name, llvm::ArrayRef<AtenArg> arguments, int64_t spatialRank = 0);
};

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_ATENCALL_H
