//===- Twin.cpp - A kernel for a GPU as the CPU can run it ----------------===//

#include "Twin.h"

using namespace mlir;
using namespace tez;

static bool isFused(ts::CallOp call) {
  return call.getCallee() == "aten::cudnn_convolution_relu" ||
         call.getCallee() == "aten::cudnn_convolution_add_relu";
}

static Value create(ts::CallOp like, StringRef callee, ValueRange operands,
                    ArrayRef<Attribute> args) {
  OpBuilder builder(like);
  return ts::CallOp::create(builder, like.getLoc(), like.getResultTypes(), callee, operands,
                            builder.getArrayAttr(args))
      .getResult(0);
}

/// fused(x, w, z, alpha, b, ...)   =>   relu(add(conv(x, w, b, ...), z, alpha))
/// and the same without z and alpha.
static void replace(ts::CallOp call) {
  SmallVector<Value> operands(call.getOperands());
  SmallVector<Attribute> args(call.getArgs().getValue());
  Attribute place = UnitAttr::get(call.getContext()), alpha;
  Value added;
  if (call.getCallee() == "aten::cudnn_convolution_add_relu") {
    added = operands[2];
    alpha = args[3];
    operands.erase(operands.begin() + 2);
    args.erase(args.begin() + 2, args.begin() + 4);
  }
  bool flat = cast<DenseI64ArrayAttr>(args[3]).size() == 2; // the stride
  Value result = create(call, flat ? "aten::conv2d" : "aten::conv3d", operands, args);
  if (added)
    result = create(call, "aten::add", {result, added}, {place, place, alpha});
  call.getResult(0).replaceAllUsesWith(create(call, "aten::relu", result, place));
  call.erase();
}

bool tez::callsOnlyGpu(ts::ModuleOp lowered) {
  return lowered
      .walk([](ts::CallOp call) {
        return isFused(call) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

Twin tez::makeTwin(ts::ModuleOp lowered) {
  Twin twin;
  lowered.walk([&](ts::CallOp call) { twin.numReplaced += isFused(call); });
  if (!twin.numReplaced)
    return twin;
  twin.owner = lowered->getParentOfType<mlir::ModuleOp>().clone();
  twin.module = twin.owner->lookupSymbol<ts::ModuleOp>(lowered.getSymName());
  twin.module.walk([](ts::CallOp call) {
    if (isFused(call))
      replace(call);
  });
  return twin;
}
