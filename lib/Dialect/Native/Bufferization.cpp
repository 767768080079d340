//===- Bufferization.cpp - native ops on memory ---------------------------===//

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace tez::native;

namespace {
/// Reads everything but its destination, which it overwrites.
struct ProductModel : DstBufferizableOpInterfaceExternalModel<ProductModel, ProductOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options, BufferizationState &state) const {
    SmallVector<Value> buffers;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    OperationState made(op->getLoc(), op->getName(), buffers, {}, op->getAttrs());
    made.addRegion()->takeBody(op->getRegion(0));
    auto onMemory = cast<ProductOp>(rewriter.create(made));
    replaceOpWithBufferizedValues(rewriter, op, onMemory.getOut());
    return success();
  }
};
} // namespace

void tez::native::registerBufferizableOps(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NativeDialect *) {
    ProductOp::attachInterface<ProductModel>(*context);
  });
}
