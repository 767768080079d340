//===- Transformer.h - Blocks of torch.nn's transformers --------*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_LAYERS_TRANSFORMER_H
#define TEZ_BLUEPRINT_LAYERS_TRANSFORMER_H

#include "Attention.h"

namespace tez::blueprint {

/// The constructor arguments of TransformerEncoderLayer and -DecoderLayer.
struct BlockArguments {
  int64_t model = 1, heads = 1, hidden = 2048;
  double dropout = 0.1, eps = 1e-5;
  bool gelu = false, batchFirst = false, normFirst = false, bias = true;
  LinearInit init = LinearInit::Kaiming; ///< of all matrices

  AttentionArguments attention() const;
};

/// Reads them. What is wrong is reported; the result is valid all the same.
BlockArguments readBlock(json::Fields &fields, int64_t defaultModel = 0, int64_t defaultHeads = 0);

/// One encoder layer; null after an error. `x` is (batch, positions, model) or,
/// without batch_first, (positions, batch, model). `mask`: as AttentionMasks::sum() gives it, may
/// be null.
mlir::Value buildEncoderBlock(NetBuilder &net, llvm::StringRef path,
                              const BlockArguments &arguments, mlir::Value x, mlir::Value mask);

/// What a decoder layer attends to besides its own input.
struct Memory {
  mlir::Value value;
  mlir::Value selfMask, mask; ///< of the attention to itself, and to `value`; may be null
};

/// One decoder layer; null after an error.
mlir::Value buildDecoderBlock(NetBuilder &net, llvm::StringRef path,
                              const BlockArguments &arguments, mlir::Value x, const Memory &memory);

/// A LayerNorm with weight and, with `bias`, bias.
mlir::Value buildLayerNorm(NetBuilder &net, llvm::StringRef path, const BlockArguments &arguments,
                           mlir::Value x);

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYERS_TRANSFORMER_H
