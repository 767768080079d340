//===- ScalarFunctions.h - esper.activation, one number at a time *- C++ -*-===//

#ifndef TEZ_LIB_ANALYSIS_SCALARFUNCTIONS_H
#define TEZ_LIB_ANALYSIS_SCALARFUNCTIONS_H

#include "tez/Analysis/Intervals.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {

using ScalarFunction = double (*)(double x, llvm::ArrayRef<double> p);

/// How a function runs over the numbers it is defined on.
enum class Course { Rising, Falling, Valley, Irregular };

/// One row for each row of Activations.def (a test compares the two).
struct ScalarRow {
  llvm::StringLiteral kind;
  ScalarFunction value;
  Course course;
  double turn = 0;                                          ///< a valley's lowest argument
  double domain = -std::numeric_limits<double>::infinity(); ///< the least argument
};

llvm::ArrayRef<ScalarRow> scalarRows();

/// Null for a kind without a row.
const ScalarRow *findScalar(llvm::StringRef kind);

/// All values the activation takes on `input`. What lies below the domain is
/// left out: its value is NaN.
Interval imageOf(esper::ActivationOp op, Interval input);

} // namespace tez

#endif // TEZ_LIB_ANALYSIS_SCALARFUNCTIONS_H
