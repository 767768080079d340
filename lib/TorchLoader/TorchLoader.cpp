//===- TorchLoader.cpp - Opens libTezTorch.so on first use ----------------===//

#include "tez/Torch/Runtime.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include <cstdlib>
#include <dlfcn.h>

using namespace tez;

namespace {

/// $TEZ_TORCH_LIBRARY, else beside the library this code is in.
std::string libraryPath() {
  if (const char *given = std::getenv("TEZ_TORCH_LIBRARY"))
    return given;
  Dl_info here;
  llvm::SmallString<256> path;
  if (dladdr(reinterpret_cast<void *>(&libraryPath), &here) && here.dli_fname)
    path = llvm::sys::path::parent_path(here.dli_fname);
  llvm::sys::path::append(path, "libTezTorch.so");
  return path.str().str();
}

struct Opened {
  TorchRuntime *runtime = nullptr;
  std::string error;
};

Opened open() {
  std::string path = libraryPath();
  auto fail = [&] {
    return Opened{nullptr, "cannot open the torch part of the compiler at " + path + " (" +
                               dlerror() +
                               "); build it with torch installed, or set "
                               "TEZ_TORCH_LIBRARY to the file libTezTorch.so"};
  };
  // Local: libtorch's many symbols must not take part in the resolution of others'.
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return fail();
  using Create = TorchRuntime *();
  auto *create = reinterpret_cast<Create *>(dlsym(library, "tezCreateTorchRuntime"));
  return create ? Opened{create(), ""} : fail();
}

} // namespace

llvm::Expected<TorchRuntime *> tez::getTorchRuntime() {
  static const Opened opened = open();
  if (opened.runtime)
    return opened.runtime;
  return llvm::createStringError(opened.error);
}
