//===- GraphBuilder.h - From ts.forward to a TorchScript graph --*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_GRAPHBUILDER_H
#define TEZ_LIB_TORCH_GRAPHBUILDER_H

#include "ModuleTree.h"
#include "llvm/ADT/DenseMap.h"
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/ir/named_value.h>

namespace tez {

/// Builds the graph op by op, in order, without a decision of its own.
class GraphBuilder {
public:
  GraphBuilder(ts::ForwardOp forward, ModuleTree &modules);

  std::shared_ptr<torch::jit::Graph> build();

  /// The op that a node was made for.
  mlir::Operation *originOf(const torch::jit::Node *node) const { return origins.lookup(node); }

private:
  using Value = torch::jit::Value;

  void addInputs();
  void emitBlock(mlir::Block &block);
  void emitOp(mlir::Operation &op);
  void emitCall(ts::CallOp call);
  void emitIf(ts::IfOp op);
  void emitRequireRank(ts::RequireRankOp op);
  void emitReturn(ts::ReturnOp op);
  void nameValues(torch::jit::Block *block);

  Value *getAttribute(Value *object, llvm::StringRef name, const c10::TypePtr &type);
  Value *moduleAt(llvm::StringRef path);
  torch::jit::Node *insert(c10::Symbol kind, at::ArrayRef<Value *> inputs,
                           at::ArrayRef<c10::TypePtr> results);
  std::vector<Value *> lookup(mlir::ValueRange range) const;
  void bind(mlir::Operation &op, const torch::jit::Node *node);

  ts::ForwardOp forward;
  ModuleTree &modules;
  std::shared_ptr<torch::jit::Graph> graph;
  Value *self = nullptr;
  llvm::DenseMap<mlir::Value, Value *> values;
  llvm::DenseMap<const torch::jit::Node *, mlir::Operation *> origins;
  mlir::Operation *current = nullptr;      ///< the op being emitted
  llvm::StringMap<Value *> moduleValues;   ///< by path
  torch::jit::Node *outermostIf = nullptr; ///< the one being emitted, if any
  unsigned numNames = 0;
};

} // namespace tez

#endif // TEZ_LIB_TORCH_GRAPHBUILDER_H
