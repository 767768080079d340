//===- Guard.h - Turns libtorch's exceptions into errors --------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_GUARD_H
#define TEZ_LIB_TORCH_GUARD_H

#include "llvm/Support/Error.h"
#include <exception>
#include <type_traits>

namespace c10 {
class WarningHandler;
} // namespace c10

namespace tez {

/// The line of a torch message that tells what is wrong. The whole of it, with
/// TorchScript's traceback, when $TEZ_TORCH_FULL_ERRORS is set.
llvm::Error torchError(const char *doing, const std::exception &exception);

/// While it lives, what torch's operators warn of on this thread is not
/// printed: the text names no place of a blueprint. $TEZ_TORCH_FULL_ERRORS
/// lets it through.
class QuietTorch {
public:
  QuietTorch();
  ~QuietTorch();
  QuietTorch(const QuietTorch &) = delete;
  QuietTorch &operator=(const QuietTorch &) = delete;

private:
  c10::WarningHandler *before;
};

/// Calls `action`, which returns a T or an llvm::Expected<T>. Every entry into
/// libtorch goes through here: no exception leaves lib/Torch. `doing` begins the
/// error message ("load the kernel").
template <typename Action> auto guarded(const char *doing, Action action) {
  using Result = std::invoke_result_t<Action>;
  using Returned = typename std::conditional_t<requires(Result r) {
    r.takeError();
  }, std::type_identity<Result>, std::type_identity<llvm::Expected<Result>>>::type;
  QuietTorch quiet;
  try {
    return Returned(action());
  } catch (const std::exception &exception) {
    return Returned(torchError(doing, exception));
  }
}

} // namespace tez

#endif // TEZ_LIB_TORCH_GUARD_H
