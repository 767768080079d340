//===- AttentionArchitecture.cpp - The architecture type attention --------===//

#include "../Layers/Attention.h"
#include "Architectures.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

/// Key and value are the query where the caller leaves them out.
static Values buildAttention(NetBuilder &net, const AttentionArguments &arguments,
                             ValueRange inputs) {
  auto query = [&] { return inputs[0]; };
  Value key = valueOr(net, inputs[1], query), value = valueOr(net, inputs[2], query);
  AttentionState state;
  if (!state.create(net, "", arguments))
    return {};
  esper::AttentionOp op = state.apply(net, "", arguments, inputs[0], key, value);
  return op ? Values(op->getResults()) : Values();
}

Network tez::blueprint::readAttentionArchitecture(json::Fields &f, FormContext &context) {
  AttentionArguments arguments;
  arguments.embed = f.integerOr("embed_dim", 256, json::kLayerSize);
  arguments.heads = f.integerOr("num_heads", 8, json::kLayerSize);
  arguments.dropout = f.numberOr("dropout", 0.1, json::kProbability);
  arguments.batchFirst = true;
  if (f.ok())
    checkDivides(f, "num_heads", arguments.heads, "embed_dim", arguments.embed);
  json::Value place = placeOf(f, "embed_dim");
  RankedTensorType sequence = floats(context.mlir, {kAnySize, kAnySize, arguments.embed});
  return Network{{},
                 f.place(),
                 {{"query", sequence}, {"key", sequence, true}, {"value", sequence, true}},
                 [arguments, place](NetBuilder &net, ValueRange inputs) {
                   At at(net, place);
                   return buildAttention(net, arguments, inputs);
                 }};
}
