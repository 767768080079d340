//===- Version.h - Of the esper dialect in bytecode -------------*- C++ -*-===//
//
// Bytecode of esper says in which version of the dialect it was written. An older
// one is brought up to date where it is read, step by step; a newer one is refused.
// What must count as another version: an op, attribute or name that is renamed,
// goes, or changes its meaning. What is only added does not.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_DIALECT_ESPER_VERSION_H
#define TEZ_DIALECT_ESPER_VERSION_H

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "llvm/ADT/ArrayRef.h"

namespace tez::esper {

struct EsperVersion : mlir::DialectVersion {
  explicit EsperVersion(uint64_t number) : number(number) {}
  uint64_t number;
};

/// Brings all esper ops under `top` from one version to the next.
using UpgradeStep = mlir::LogicalResult (*)(mlir::Operation *top);

/// The step at index i leads from version i + 1 to i + 2. Who changes the dialect
/// adds one; the version of this compiler follows.
llvm::ArrayRef<UpgradeStep> upgradeSteps();

/// What this compiler writes.
inline uint64_t currentVersion() { return upgradeSteps().size() + 1; }

/// Runs the steps from version `from` on.
mlir::LogicalResult upgrade(mlir::Operation *top, uint64_t from,
                            llvm::ArrayRef<UpgradeStep> steps = upgradeSteps());

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_VERSION_H
