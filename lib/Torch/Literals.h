//===- Literals.h - The arguments of ts.call in torch's terms ---*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_LITERALS_H
#define TEZ_LIB_TORCH_LITERALS_H

#include "mlir/IR/Attributes.h"
#include "llvm/ADT/StringRef.h"
#include <ATen/core/ivalue.h>
#include <string>
#include <vector>

namespace tez {

/// None, a bool, int, float, string or list of ints or floats.
c10::IValue toIValue(mlir::Attribute literal);

/// How the table's operators of one name take their arguments.
struct CallShape {
  /// For each argument its name if it is taken by keyword only, else empty.
  std::vector<std::string> keywordOnly;
};

/// Parsed from the table's schema on first use.
const CallShape &callShapeOf(llvm::StringRef callee);

} // namespace tez

#endif // TEZ_LIB_TORCH_LITERALS_H
