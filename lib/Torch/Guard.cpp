//===- Guard.cpp - Turns libtorch's exceptions into errors ----------------===//

#include "Guard.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <c10/util/Exception.h>
#include <cstdlib>

using namespace tez;

/// An error inside of a kernel comes after TorchScript's traceback, as the last
/// "RuntimeError: ...".
static llvm::StringRef essence(llvm::StringRef message) {
  llvm::StringRef mark = "RuntimeError: ";
  size_t at = message.rfind(mark);
  if (at != llvm::StringRef::npos)
    message = message.drop_front(at + mark.size());
  return message.ltrim().split('\n').first;
}

static bool wantsEverything() { return std::getenv("TEZ_TORCH_FULL_ERRORS") != nullptr; }

namespace {
struct Silence : c10::WarningHandler {
  void process(const c10::Warning &) override {}
};
} // namespace

QuietTorch::QuietTorch() : before(c10::WarningUtils::get_warning_handler()) {
  static Silence silence;
  if (!wantsEverything())
    c10::WarningUtils::set_warning_handler(&silence);
}

QuietTorch::~QuietTorch() { c10::WarningUtils::set_warning_handler(before); }

llvm::Error tez::torchError(const char *doing, const std::exception &exception) {
  auto *c10Error = dynamic_cast<const c10::Error *>(&exception);
  const char *text = c10Error ? c10Error->what_without_backtrace() : exception.what();
  return llvm::createStringError(llvm::Twine("torch cannot ") + doing + ": " +
                                 (wantsEverything() ? llvm::StringRef(text) : essence(text)));
}
