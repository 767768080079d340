//===- DotProducts.h - Terms of sums, several at once -----------*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_DOTPRODUCTS_H
#define TEZ_LIB_NATIVE_DOTPRODUCTS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tez/Native/Target.h"

namespace tez::native {

/// Adds a group of terms (native.product) to the sums of a panel: numbers of one row, the same in
/// all lanes, times weights of as many columns. One instruction does it where the target has it for
/// the elements, pairs of 8-bit terms are summed in 16 bits on other x86, and elsewhere numbers are
/// widened. `builder` must outlive it.
class DotProducts {
public:
  using Parts = llvm::SmallVector<mlir::Value, 4>;

  /// Factors of rows and of weights (native.product); panels of `width` columns.
  DotProducts(mlir::Type left, mlir::Type right, int64_t width, const Target &target,
              mlir::ImplicitLocOpBuilder &builder);

  /// `packed`, a panel's weights of one group, as `add` takes them.
  Parts ofWeights(mlir::Value packed);
  /// The same of a row's group: numbers of f32, or one of 32 bits that holds narrow ones.
  Parts ofNumbers(mlir::ValueRange group);
  mlir::Value add(const Parts &numbers, const Parts &weights, mlir::Value sums);

private:
  struct Instruction;
  enum class Way { Fma, Instruction, PairSums, WidenedFloats, WidenedBytes };
  static const Instruction *findInstruction(mlir::Type element, const Target &target);
  mlir::Value addByInstruction(mlir::Value numbers, mlir::Value weights, mlir::Value sums);
  mlir::Value sumPairs(mlir::Value numbers, mlir::Value weights);
  Parts widenFloats(mlir::Value words);
  Parts widenBytes(mlir::Value words, bool isSigned);
  mlir::Value forChunks(mlir::Value sums, int64_t lanes,
                        llvm::function_ref<mlir::Value(int64_t, mlir::Value)> body);
  mlir::Value chunk(mlir::Value vector, int64_t from, int64_t count);
  mlir::Value call(llvm::StringRef intrinsic, mlir::Type type, mlir::ValueRange operands);
  mlir::Value words(int64_t number, mlir::Value like);

  mlir::Type element; ///< of the weights
  int64_t width;
  bool wide; ///< registers of 512 bits
  const Instruction *instruction;
  Way way;
  mlir::ImplicitLocOpBuilder &builder;
};

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_DOTPRODUCTS_H
