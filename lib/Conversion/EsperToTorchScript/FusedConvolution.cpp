//===- FusedConvolution.cpp - One call for a convolution and its relu -----===//

#include "Emitter.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// The operators take the arguments of a convolution, and behind the weight what is
/// added and its factor.
static Value callFused(FusedConvolution fused, Emitter &emitter) {
  AtenCall call;
  fused.conv.getAtenCall(call);
  if (fused.sum) {
    AtenArg added[] = {fused.sum->getOperand(1), 1};
    call.arguments.insert(call.arguments.begin() + 2, std::begin(added), std::end(added));
  }
  call.name = ("aten::" + fused.getOperator()).str();
  return emitter.call(call)[0];
}

static Value callParts(FusedConvolution fused, Emitter &emitter) {
  AtenCall conv;
  fused.conv.getAtenCall(conv);
  Value result = emitter.call(conv)[0];
  if (fused.sum)
    result = emitter.call("aten::add", {result, fused.sum->getOperand(1), 1});
  return emitter.call("aten::relu", {result});
}

/// cuDNN takes images with a batch only, and does not check; a convolution also
/// takes them without, and refuses all else.
void tez::emitFusedConvolution(FusedConvolution fused, Emitter &emitter) {
  Value rank = emitter.call("aten::dim", {fused.conv.getInput()});
  Value unlike = emitter.call("aten::ne", {rank, fused.conv.getInput().getType().getRank()});
  Value result = emitter.branch(
      unlike, [&] { return callParts(fused, emitter); }, [&] { return callFused(fused, emitter); });
  emitter.bind(fused.relu.getOutput(), result);
}
