//===- Esper.h - The esper dialect: types, attributes, ops ------*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_ESPER_H
#define TEZ_DIALECT_ESPER_ESPER_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "tez/Dialect/Esper/AtenCall.h"

#include "tez/Dialect/Esper/EsperDialect.h.inc"
#include "tez/Dialect/Esper/EsperEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "tez/Dialect/Esper/EsperAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "tez/Dialect/Esper/EsperTypes.h.inc"

namespace tez::esper {

struct StateResource : mlir::SideEffects::Resource::Base<StateResource> {
  llvm::StringRef getName() final { return "esper.state"; }
};
struct RandomResource : mlir::SideEffects::Resource::Base<RandomResource> {
  llvm::StringRef getName() final { return "esper.random"; }
};

/// The trait of ops whose meaning does not change when operands gain leading
/// dimensions.
template <typename Op>
class LeadingAgnostic : public mlir::OpTrait::TraitBase<Op, LeadingAgnostic> {};

/// Can a tensor of this rank be laid out so.
inline bool fitsRank(MemoryFormat format, int64_t rank) {
  return format == MemoryFormat::Contiguous || rank == 4 || rank == 5;
}

/// Elements of a ranked tensor type; 0 when a dimension is dynamic.
double countElements(mlir::Type type);

} // namespace tez::esper

#include "tez/Dialect/Esper/EsperInterfaces.h.inc"

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Ops.h.inc"

#endif // TEZ_DIALECT_ESPER_ESPER_H
