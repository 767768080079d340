//===- Create.h - Building ops that may be refused --------------*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_CREATE_H
#define TEZ_DIALECT_ESPER_CREATE_H

#include "mlir/IR/Verifier.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez::esper {

/// Infers the types of `state` by the op's shape rule, creates the op and
/// verifies it. Errors are reported at the location of `state`.
template <typename Op> Op createInferred(mlir::OpBuilder &builder, mlir::OperationState &state) {
  llvm::SmallVector<mlir::Type> types;
  mlir::MLIRContext *context = builder.getContext();
  if (failed(Op::inferReturnTypes(context, state.location, state.operands,
                                  state.attributes.getDictionary(context), state.getRawProperties(),
                                  state.regions, types)))
    return nullptr;
  state.types.assign(types.begin(), types.end());
  auto op = mlir::cast<Op>(builder.create(state));
  if (succeeded(mlir::verify(op, /*verifyRecursively=*/false)))
    return op;
  op.erase();
  return nullptr;
}

/// As many null types as Op's builder asserts; the shape rule replaces them.
template <typename Op> llvm::SmallVector<mlir::Type> unknownResults() {
  using namespace mlir::OpTrait;
  if constexpr (Op::template hasTrait<NResults<2>::Impl>())
    return llvm::SmallVector<mlir::Type>(2);
  else if constexpr (Op::template hasTrait<NResults<3>::Impl>())
    return llvm::SmallVector<mlir::Type>(3);
  else
    return llvm::SmallVector<mlir::Type>(Op::template hasTrait<AtLeastNResults<1>::Impl>() ? 1 : 0);
}

/// Op::build with result types left to the shape rule; null after an error
/// (MLIR's own builders abort when inference fails). Arguments are those of
/// the op's ODS builder after the result types: operands, then attributes.
template <typename Op, typename... Args>
Op createChecked(mlir::OpBuilder &builder, mlir::Location location, Args &&...args) {
  mlir::OperationState state(location, Op::getOperationName());
  if constexpr (Op::template hasTrait<mlir::OpTrait::OneResult>())
    Op::build(builder, state, mlir::Type(), std::forward<Args>(args)...);
  else
    Op::build(builder, state, mlir::TypeRange(unknownResults<Op>()), std::forward<Args>(args)...);
  return createInferred<Op>(builder, state);
}

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_CREATE_H
