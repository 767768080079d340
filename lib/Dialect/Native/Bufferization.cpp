//===- Bufferization.cpp - native ops on memory ---------------------------===//

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace tez::native;

namespace {
/// Reads everything but its destination, which it overwrites.
template <typename Nest>
struct NestModel : DstBufferizableOpInterfaceExternalModel<NestModel<Nest>, Nest> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options, BufferizationState &state) const {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      operands.push_back(operand);
      if (!isa<TensorType>(operand.getType()))
        continue;
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      operands.back() = *buffer;
    }
    OperationState made(op->getLoc(), op->getName(), operands, {}, op->getAttrs());
    for (Region &region : op->getRegions())
      made.addRegion()->takeBody(region);
    auto onMemory = cast<DestinationStyleOpInterface>(rewriter.create(made));
    replaceOpWithBufferizedValues(rewriter, op, llvm::to_vector<3>(onMemory.getDpsInits()));
    return success();
  }
};
} // namespace

void tez::native::registerBufferizableOps(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NativeDialect *) {
    AttentionOp::attachInterface<NestModel<AttentionOp>>(*context);
    ColumnsOp::attachInterface<NestModel<ColumnsOp>>(*context);
    ConvOp::attachInterface<NestModel<ConvOp>>(*context);
    PoolOp::attachInterface<NestModel<PoolOp>>(*context);
    ProductOp::attachInterface<NestModel<ProductOp>>(*context);
    RowGridOp::attachInterface<NestModel<RowGridOp>>(*context);
    RowNormOp::attachInterface<NestModel<RowNormOp>>(*context);
    RowSoftmaxOp::attachInterface<NestModel<RowSoftmaxOp>>(*context);
    TransposeOp::attachInterface<NestModel<TransposeOp>>(*context);
  });
}
