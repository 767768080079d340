//===- Convolutions.cpp ----------------------------------------------------===//

#include "Emitters.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

static Name convolution(ConvOp op, Graph &g) {
  if (!isBatched(op.getInput(), op.getStride()))
    return refuse(op, "an input without a batch");
  return g.node("Conv", {g(op.getInput()), g(op.getWeight()), g(op.getBias())},
                {{"strides", op.getStride()},
                 {"pads", bothEnds(op.getPadding())},
                 {"dilations", op.getDilation()},
                 {"group", int64_t(op.getGroups())}});
}

static Name transposed(ConvTransposeOp op, Graph &g) {
  if (!isBatched(op.getInput(), op.getStride()))
    return refuse(op, "an input without a batch");
  return g.node("ConvTranspose", {g(op.getInput()), g(op.getWeight()), g(op.getBias())},
                {{"strides", op.getStride()},
                 {"pads", bothEnds(op.getPadding())},
                 {"output_padding", op.getOutputPadding()},
                 {"dilations", op.getDilation()},
                 {"group", int64_t(op.getGroups())}});
}

void Emitters::addConvolutions() {
  add<ConvOp>(convolution);
  add<ConvTransposeOp>(transposed);
}
