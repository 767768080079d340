//===- MachineCode.h - Machine code of one kernel ---------------*- C++ -*-===//

#ifndef TEZ_NATIVE_MACHINECODE_H
#define TEZ_NATIVE_MACHINECODE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/Timing.h"
#include "tez/Native/Target.h"
#include "tez/Weights/WeightStore.h"
#include "llvm/Support/Error.h"
#include <map>
#include <optional>

namespace tez::native {

/// What one pointer of `tez_forward`'s table points to.
struct Argument {
  enum class Kind { Input, Weight, Output, Scratch } kind;
  std::string name;    ///< of an input or a weight
  int64_t columns = 0; ///< of an input or an output
  uint64_t offset = 0; ///< of a weight, in bytes from the beginning of all weights
  /// Of an input or an output whose rows are images: channels, height and width.
  std::vector<int64_t> image;

  /// The sizes of a row as the caller has it.
  std::vector<int64_t> sizes() const { return image.empty() ? std::vector{columns} : image; }
};

/// Code and constants, position independent, to be placed at a page's beginning. It calls nothing
/// and writes nowhere but through its arguments. Entry: `void (void *const *pointers, int64_t rows,
/// int64_t positions)`.
struct Image {
  std::string bytes;
  uint64_t entry = 0; ///< where in it
};

/// One kernel for one processor.
struct MachineCode {
  Target target;
  Image image;
  /// The same with a check of every access, for the suite alone: it is in no file.
  std::optional<Image> checked;
  std::string weights; ///< packed; every one begins at a multiple of 64 bytes
  std::vector<Argument> arguments;
  /// Sizes of the leading dimensions, kDynamic: any; nullopt: any number of them.
  std::optional<std::vector<int64_t>> leading;
  bool samples = false;       ///< rows come in whole samples, of as many as there are positions
  int64_t scratchColumns = 0; ///< fp32 numbers a row that the scratch memory must have
  int64_t scratchNumbers = 0; ///< and beside, for any rows

  /// Is a row an image, of an input or an output.
  bool hasImages() const;
};

/// Compiles `module`, of one esper kernel as the passes for inference leave it (it is copied).
/// `weights` holds its state, derived state included. nullopt, after remarks that say why, where an
/// op has no lowering yet; failures are faults of the compiler. `withChecked`: the twin with checks
/// as well. `time` gets what each step took.
llvm::Expected<std::optional<MachineCode>> compile(mlir::ModuleOp module,
                                                   const WeightStore &weights, const Target &target,
                                                   bool withChecked = false,
                                                   mlir::TimingScope time = {});

/// Where those records lie, below extra/.
inline constexpr llvm::StringLiteral recordsFolder = "native/";

/// Records of a kernel file, names below extra/ and their contents: native/plan.json, and code and
/// weights of each, best first, which must be of the same kernel.
std::map<std::string, std::string> makeRecords(llvm::ArrayRef<MachineCode> variants);

} // namespace tez::native

#endif // TEZ_NATIVE_MACHINECODE_H
