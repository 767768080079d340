//===- Emitters.h - Which op becomes which nodes ----------------*- C++ -*-===//

#ifndef TEZ_LIB_ONNX_EMITTERS_H
#define TEZ_LIB_ONNX_EMITTERS_H

#include "Graph.h"
#include "tez/Dialect/Esper/Esper.h"
#include <functional>

namespace tez::onnx {

/// One function an op; a file of this folder adds those of a family.
class Emitters {
public:
  Emitters();

  /// Adds the nodes of `op`, whose operands have names. Failure after an error at it.
  mlir::LogicalResult emit(mlir::Operation *op, Graph &graph) const;

private:
  using Emit = std::function<mlir::LogicalResult(mlir::Operation *, Graph &)>;

  /// For an op with one result that matters, `emit` being Name(Op, Graph &): its first result's
  /// name, or none after an error.
  template <typename Op, typename Function> void add(Function emit) {
    table[Op::getOperationName()] = [emit](mlir::Operation *op, Graph &graph) {
      Name name = emit(llvm::cast<Op>(op), graph);
      graph.set(op->getResult(0), name);
      return mlir::success(!name.empty());
    };
  }
  /// `emit` sets the names itself: LogicalResult(Op, Graph &).
  template <typename Op, typename Function> void addSeveral(Function emit) {
    table[Op::getOperationName()] = [emit](mlir::Operation *op, Graph &graph) {
      return emit(llvm::cast<Op>(op), graph);
    };
  }

  void addArithmetic();
  void addActivations();
  void addChoice();
  void addConvolutions();
  void addNorms();
  void addPools();
  void addProducts();
  void addRecurrent();
  void addReductions();
  void addShapes();

  llvm::StringMap<Emit> table;
};

/// An error at `op`; returns "no name".
Name refuse(mlir::Operation *op, const llvm::Twine &why);

inline int64_t rankOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getRank();
}
/// `dim` from the front.
inline int64_t fromFront(int64_t dim, mlir::Value value) {
  return dim < 0 ? dim + rankOf(value) : dim;
}
/// Has it a batch and channels before its spatial dimensions, of which there are as many as
/// `spatial`.
inline bool isBatched(mlir::Value input, llvm::ArrayRef<int64_t> spatial) {
  return rankOf(input) == int64_t(spatial.size()) + 2;
}
/// ONNX's list of paddings: before each dimension, then behind each.
llvm::SmallVector<int64_t> bothEnds(llvm::ArrayRef<int64_t> padding);
/// [from, to)
llvm::SmallVector<int64_t> range(int64_t from, int64_t to);

} // namespace tez::onnx

#endif // TEZ_LIB_ONNX_EMITTERS_H
