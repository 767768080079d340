//===- Bytecode.cpp - The version of esper in bytecode --------------------===//

#include "Bytecode.h"
#include "mlir/IR/Operation.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/Version.h"

using namespace mlir;
using namespace tez::esper;

llvm::ArrayRef<UpgradeStep> tez::esper::upgradeSteps() {
  return {}; // version 1 is the first
}

LogicalResult tez::esper::upgrade(Operation *top, uint64_t from,
                                  llvm::ArrayRef<UpgradeStep> steps) {
  for (UpgradeStep step : steps.drop_front(from - 1))
    if (failed(step(top)))
      return failure();
  return success();
}

namespace {
/// Attributes and types stay in MLIR's own encoding: only the version is ours.
struct EsperBytecode : BytecodeDialectInterface {
  explicit EsperBytecode(Dialect *dialect) : BytecodeDialectInterface(dialect) {}

  /// A version that the writer is told to pretend (BytecodeWriterConfig) is for tests.
  void writeVersion(DialectBytecodeWriter &writer) const override {
    FailureOr<const DialectVersion *> told = writer.getDialectVersion<EsperDialect>();
    writer.writeVarInt(succeeded(told) ? static_cast<const EsperVersion *>(*told)->number
                                       : currentVersion());
  }

  std::unique_ptr<DialectVersion> readVersion(DialectBytecodeReader &reader) const override {
    uint64_t number = 0;
    if (failed(reader.readVarInt(number)))
      return nullptr;
    if (number >= 1 && number <= currentVersion())
      return std::make_unique<EsperVersion>(number);
    reader.emitError() << "written in version " << number
                       << " of the esper dialect; this compiler reads up to version "
                       << currentVersion() << (number ? ": use a newer one" : " and none below 1");
    return nullptr;
  }

  LogicalResult upgradeFromVersion(Operation *top, const DialectVersion &version) const override {
    return upgrade(top, static_cast<const EsperVersion &>(version).number);
  }
};
} // namespace

void tez::esper::addBytecodeInterface(Dialect &dialect) { dialect.addInterfaces<EsperBytecode>(); }
