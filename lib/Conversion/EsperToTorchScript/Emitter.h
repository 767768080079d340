//===- Emitter.h - One kernel on its way into a ts.module -------*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOTORCHSCRIPT_EMITTER_H
#define TEZ_LIB_CONVERSION_ESPERTOTORCHSCRIPT_EMITTER_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/Fused.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace tez {

/// Builds the body of ts.forward op by op, in the order of the kernel.
class Emitter {
public:
  Emitter(mlir::OpBuilder builder, mlir::Location location)
      : builder(builder), location(location) {}

  mlir::OpBuilder builder;
  mlir::Location location;
  unsigned numCalls = 0;

  /// The ts value of an esper value.
  mlir::Value valueOf(mlir::Value value) const { return values.lookup(value); }
  void bind(mlir::Value value, mlir::Value emitted) { values[value] = emitted; }

  /// One call; its results by the table of operators. An AtenArg holds esper
  /// values, or ts values made by other calls.
  mlir::ValueRange call(const esper::AtenCall &call);
  /// A call with one tensor as its result.
  mlir::Value call(llvm::StringRef name, llvm::ArrayRef<esper::AtenArg> arguments);

  /// A number and a list of numbers as ts values.
  mlir::Value number(int64_t value);
  mlir::Value numbers(llvm::ArrayRef<mlir::Value> elements);

  /// prim::If whose branches each yield one tensor (null: nothing).
  mlir::Value branch(mlir::Value condition, llvm::function_ref<mlir::Value()> then,
                     llvm::function_ref<mlir::Value()> otherwise);
  /// The same on a flag of esper; where it is known, the one side alone.
  mlir::Value choose(mlir::Value flag, llvm::function_ref<mlir::Value()> then,
                     llvm::function_ref<mlir::Value()> otherwise);

  /// In a kernel that trains, the ops in front of functions with an infinite slope (CutOff.cpp).
  llvm::SmallPtrSet<mlir::Operation *, 16> beforeSteep;

  /// No result hangs on these ops (esper::unreadOps): they are left out.
  llvm::SmallPtrSet<mlir::Operation *, 16> unread;
  bool isEmitted(mlir::Operation *op) const { return !unread.contains(op); }
  bool isRead(mlir::Value value) const {
    return llvm::any_of(value.getUsers(), [&](mlir::Operation *op) { return isEmitted(op); });
  }

private:
  void addArgument(const esper::AtenArg &argument, llvm::SmallVectorImpl<mlir::Attribute> &args,
                   llvm::SmallVectorImpl<mlir::Value> &operands);
  void addOperand(mlir::Value value, llvm::SmallVectorImpl<mlir::Attribute> &args,
                  llvm::SmallVectorImpl<mlir::Value> &operands);

  /// Esper values as their ts values; ts values as they are.
  mlir::Value emitted(mlir::Value value) const {
    mlir::Value found = values.lookup(value);
    return found ? found : value;
  }

  llvm::DenseMap<mlir::Value, mlir::Value> values;
};

/// Emits an op that is not one ATen call; null when `op` is none of those.
using IrregularEmitter = mlir::LogicalResult (*)(mlir::Operation *op, Emitter &emitter);
IrregularEmitter findIrregular(mlir::Operation *op);

/// `value` as torch's row-major tensor: itself where it is one.
mlir::Value rowMajor(mlir::Value value, Emitter &emitter);

// Recurrent.cpp
mlir::LogicalResult emitRecurrent(mlir::Operation *op, Emitter &emitter);
mlir::LogicalResult emitRecurrentCell(mlir::Operation *op, Emitter &emitter);

// Statistics.cpp
mlir::LogicalResult emitNorm(mlir::Operation *op, Emitter &emitter);
/// Is every use of `next`, if there is any, that `buffer` becomes it where the kernel returns?
bool isOnlyUpdate(mlir::Value next, mlir::Value buffer, const Emitter &emitter);
/// Does a norm's operator write `next` to its running statistic `buffer` by itself?
bool isUpdatedByOperator(mlir::Value next, mlir::Value buffer, const Emitter &emitter);
/// The flag under which `buffer` becomes `next`, a new running statistic; null: always.
mlir::Value modeOfUpdate(mlir::Value next, mlir::Value buffer);

// CutOff.cpp
/// Fills emitter.beforeSteep.
void findBeforeSteep(esper::KernelOp kernel, Emitter &emitter);
/// Emits an op that cuts elements off, so that no infinite gradient passes where it does; false
/// when it cuts nothing off.
bool emitCutOff(mlir::Operation *op, Emitter &emitter);

// FusedConvolution.cpp
/// Emits the relu, and all that it is computed together with.
void emitFusedConvolution(esper::FusedConvolution fused, Emitter &emitter);

// OwnMemory.cpp
/// Replaces results of forward that may lie in an input, in state or in a result before them
/// by copies.
void separateResults(llvm::MutableArrayRef<mlir::Value> results, Emitter &emitter);

// Quantized.cpp
mlir::LogicalResult emitQuantizedLinear(mlir::Operation *op, Emitter &emitter);
mlir::LogicalResult emitQuantizedConv(mlir::Operation *op, Emitter &emitter);
/// Is the param or buffer read in packed form and in no other: then it is not
/// state of the module.
bool isPackedOnly(mlir::Operation *state);

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOTORCHSCRIPT_EMITTER_H
