//===- Faults.h - Miscompiles, planted on purpose ---------------*- C++ -*-===//
//
// Each kind is what a wrong pass or emitter could do to a lowered kernel. They work on
// ts, behind every verifier, as the worst case does.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TEST_VALIDATOR_FAULTS_H
#define TEZ_TEST_VALIDATOR_FAULTS_H

#include "tez/Dialect/TorchScript/TorchScript.h"
#include <random>

namespace tez::test {

/// What a kind of fault is given to choose places by.
using Chance = std::mt19937_64;

struct Fault {
  llvm::StringRef name;
  /// Changes one place of the module; false when it has none for this fault.
  bool (*plant)(ts::ModuleOp module, Chance &chance);
  /// Neither values nor gradients change, so that they cannot tell it from none.
  bool beyondValues = false;
};

llvm::ArrayRef<Fault> allFaults();

// The files of the table.
llvm::ArrayRef<Fault> valueFaults(), gradientFaults(), stateFaults(), memoryFaults();

//===----------------------------------------------------------------------===//
// What the kinds share
//===----------------------------------------------------------------------===//

/// All calls for which `fits` holds; one of them by chance, or null.
ts::CallOp pick(ts::ModuleOp module, Chance &chance, llvm::function_ref<bool(ts::CallOp)> fits);

inline bool calls(ts::CallOp call, std::initializer_list<llvm::StringRef> names) {
  return llvm::is_contained(names, call.getCallee());
}

/// Argument `index` of the call, null where it is an operand.
mlir::Attribute literal(ts::CallOp call, unsigned index);
void setLiteral(ts::CallOp call, unsigned index, mlir::Attribute value);

/// The operand at argument `index`; null where it is a literal.
mlir::Value operandAt(ts::CallOp call, unsigned index);

/// callee(first, literals...) behind `value`, which all other users read from then on.
mlir::Value insertBehind(mlir::Value value, llvm::StringRef callee,
                         llvm::ArrayRef<mlir::Attribute> literals);

/// A call of one tensor result in front of `before`; null attributes stand for operands.
mlir::Value makeCall(mlir::Operation *before, llvm::StringRef callee, mlir::ValueRange operands,
                     llvm::ArrayRef<mlir::Attribute> args);

/// Arguments of a call: an operand, None, and literals.
mlir::Attribute place(mlir::MLIRContext *context);
mlir::Attribute none(mlir::MLIRContext *context);
mlir::Attribute integer(mlir::MLIRContext *context, int64_t value);
mlir::Attribute number(mlir::MLIRContext *context, double value);

} // namespace tez::test

#endif // TEZ_TEST_VALIDATOR_FAULTS_H
