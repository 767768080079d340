//===- Attention.h - Multi-head attention as layers hold it -----*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_LAYERS_ATTENTION_H
#define TEZ_BLUEPRINT_LAYERS_ATTENTION_H

#include "Linear.h"

namespace tez::blueprint {

/// The constructor arguments of torch.nn.MultiheadAttention, and how it is called.
struct AttentionArguments {
  int64_t embed = 1, heads = 1;
  double dropout = 0;
  bool bias = true, biasKeyValue = false, zeroAttention = false, batchFirst = false;
  std::optional<int64_t> keyWidth, valueWidth; ///< of another size than `embed`
  bool causal = false, needsWeights = true;
  LinearInit outputInit = LinearInit::Kaiming;

  int64_t keySize() const { return keyWidth.value_or(embed); }
  int64_t valueSize() const { return valueWidth.value_or(embed); }
  bool isPacked() const { return keySize() == embed && valueSize() == embed; }
};

/// The masks of one attention, each null where there is none. Numbers are added to the scores;
/// booleans hide what they are true for.
struct AttentionMasks {
  /// (queries, keys), or (batch * heads, queries, keys).
  mlir::Value positions;
  /// (batch, keys), without a batch (keys): which positions of the key nobody sees.
  mlir::Value padding;

  /// Does every mask have a type that torch takes. Reports the first that has none; `names` are
  /// those of `positions` and `padding`.
  bool check(NetBuilder &net, bool batched,
             std::pair<llvm::StringRef, llvm::StringRef> names) const;

  /// Their sum, of shape (batch or 1, heads or 1, queries or 1, keys), with the elements of `like`:
  /// null without masks, nullopt after an error.
  std::optional<mlir::Value> sum(NetBuilder &net, int64_t heads, mlir::Value like) const;
};

/// The parameters of a torch.nn.MultiheadAttention.
struct AttentionState {
  mlir::Value packed, query, key, value, bias, keyBias, valueBias;
  LinearState output;

  /// False after an error.
  bool create(NetBuilder &net, llvm::StringRef path, const AttentionArguments &arguments);

  /// Null after an error. The second result of the op exists with `needsWeights`. `mask`: what
  /// AttentionMasks::sum() gives.
  esper::AttentionOp apply(NetBuilder &net, llvm::StringRef path,
                           const AttentionArguments &arguments, mlir::Value query, mlir::Value key,
                           mlir::Value value, mlir::Value mask = {}) const;
};

/// The op_type `attention` of a graph: MultiheadAttention with `causal`,
/// batch_first unless told otherwise; one input is query, key and value, three
/// are these, behind which masks may be; the only result is y.
LayerPtr readGraphAttention(json::Fields &fields);

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYERS_ATTENTION_H
