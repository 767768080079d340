//===- LoopBuilder.h - Indices and loops of a lowering ----------*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_LOOPBUILDER_H
#define TEZ_LIB_NATIVE_LOOPBUILDER_H

#include "Sums.h"
#include "Vectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace tez::native {

/// Builds in front of `op`, whose location all has.
struct LoopBuilder {
  explicit LoopBuilder(mlir::Operation *op) : builder(op->getLoc(), op) {}

  mlir::Value index(int64_t number) { return native::index(number, builder); }
  mlir::Value sum(mlir::Value a, mlir::Value b) {
    return mlir::arith::AddIOp::create(builder, a, b);
  }
  mlir::Value sum(mlir::Value a, int64_t b) { return b ? sum(a, index(b)) : a; }
  mlir::Value times(mlir::Value a, int64_t b) {
    return b == 1 ? a : mlir::Value(mlir::arith::MulIOp::create(builder, a, index(b)));
  }

  using Body = llvm::function_ref<void(mlir::Value)>;
  void forLoop(mlir::Value begin, mlir::Value end, int64_t step, Body body) {
    native::forLoop(begin, end, step, body, builder);
  }
  /// No loop where `end` is 0.
  void upTo(int64_t end, int64_t step, Body body) {
    if (end > 0)
      forLoop(index(0), index(end), step, body);
  }
  /// `count` numbers, which is known beforehand: vectors of `lanes`, and the rest. `body` takes
  /// where one begins and how many it has.
  void forVectors(int64_t count, int64_t lanes,
                  llvm::function_ref<void(mlir::Value, int64_t)> body) {
    int64_t whole = count / lanes * lanes;
    upTo(whole, lanes, [&](mlir::Value at) { body(at, lanes); });
    if (count % lanes)
      body(index(whole), count % lanes);
  }

  mlir::ImplicitLocOpBuilder builder;
};

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_LOOPBUILDER_H
