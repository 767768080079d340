//===- Operators.h - The table of operators kernels may call ----*- C++ -*-===//

#ifndef TEZ_DIALECT_TORCHSCRIPT_OPERATORS_H
#define TEZ_DIALECT_TORCHSCRIPT_OPERATORS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace tez::ts {

/// A type of an operator schema that we use.
enum class SchemaType {
  Tensor,
  OptionalTensor,
  TensorList,
  Int,
  OptionalInt,
  Float,
  OptionalFloat,
  Bool,
  OptionalBool,
  String,
  OptionalString,
  IntList,
  OptionalIntList,
  OptionalFloatList,
  Scalar,
  OptionalScalar,
  Packed,
  None
};

/// InPlace: the form with "_" of a Differentiable row, which writes into its
/// first operand; for kernels that never train.
enum class Gradient { Differentiable, NoGradient, StateUpdate, InPlace };

/// One row of Operators.def.
struct Operator {
  llvm::StringRef name;   ///< "aten::linear", without the overload
  llvm::StringRef schema; ///< as torch prints it
  Gradient gradient;
  llvm::StringRef since; ///< first torch version
  llvm::StringRef note;  ///< where devices or versions differ in meaning
  llvm::SmallVector<SchemaType> arguments, results;
  /// A result may lie in the memory of the first argument: the schema or the note says so.
  bool mayShareMemory = false;
};

/// The rows whose schema has this name (overloads), parsed once.
llvm::ArrayRef<Operator> operatorsNamed(llvm::StringRef name);

/// Is `name` that of InPlace rows: then without its "_" it is the plain operator.
bool isInPlaceForm(llvm::StringRef name);

/// May a result of an operator of this name lie in the memory of its first argument.
bool mayShareMemory(llvm::StringRef name);

/// All rows.
llvm::ArrayRef<Operator> allOperators();

/// "Tensor?" for OptionalTensor.
llvm::StringRef spelling(SchemaType type);

} // namespace tez::ts

#endif // TEZ_DIALECT_TORCHSCRIPT_OPERATORS_H
