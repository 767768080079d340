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

/// The parameters of a torch.nn.MultiheadAttention.
struct AttentionState {
  mlir::Value packed, query, key, value, bias, keyBias, valueBias;
  LinearState output;

  /// False after an error.
  bool create(NetBuilder &net, llvm::StringRef path, const AttentionArguments &arguments);

  /// Null after an error. The second result of the op exists with `needsWeights`.
  esper::AttentionOp apply(NetBuilder &net, llvm::StringRef path,
                           const AttentionArguments &arguments, mlir::Value query, mlir::Value key,
                           mlir::Value value) const;
};

/// The op_type `attention` of a graph: MultiheadAttention with `causal`,
/// batch_first unless told otherwise; one input is query, key and value, three
/// are these; the only result is y.
LayerPtr readGraphAttention(json::Fields &fields);

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYERS_ATTENTION_H
