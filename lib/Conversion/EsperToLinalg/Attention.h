//===- Attention.h - Attention whose heads are columns ----------*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_ATTENTION_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_ATTENTION_H

#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

namespace tez {

/// What `esper.sdpa` and the ops around it, which split rows into heads and put them together, make
/// of [batch, positions, columns].
struct Attention {
  esper::SdpaOp op;
  mlir::Value operands[3]; ///< rows with query, key and value in them
  int64_t columns[3];      ///< where these begin
  int64_t heads;
};

/// The attentions of a kernel.
class Attentions {
public:
  explicit Attentions(esper::KernelOp kernel);

  bool empty() const { return byResult.empty(); }
  /// The attention whose result `op` is; null for others.
  const Attention *find(mlir::Operation *op) const;
  /// Is it read by attentions alone, as a part of them.
  bool isInside(mlir::Operation *op) const { return inside.contains(op); }

private:
  void add(esper::SdpaOp op);

  llvm::MapVector<mlir::Operation *, Attention> byResult;
  llvm::DenseSet<mlir::Operation *> inside;
};

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_ATTENTION_H
