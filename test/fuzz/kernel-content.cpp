//===- kernel-content.cpp - Fuzzes source and state of a kernel file ------===//
//
// Mutating an archive rarely leaves one. Here the archive is whole and only its
// source and pickle are the fuzzer's: before the first NUL the source, then the
// pickle, or the source alone.
//
//===----------------------------------------------------------------------===//

#include "tez/Artifact/KernelFile.h"
#include "tez/Support/ZipWriter.h"
#include <cstdlib>

using namespace tez;
using llvm::StringRef;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef bytes(reinterpret_cast<const char *>(data), size);
  auto [source, pickle] = bytes.split('\0');
  ZipWriter writer;
  writer.add("kernel/data/0", StringRef("0123456789abcdef"));
  writer.add("kernel/data.pkl", pickle.empty() ? StringRef("\x80\x02N.") : pickle);
  writer.add("kernel/code/__torch__.py", source);
  llvm::Error error = checkKernelFile(writer.finish());
  if (error && llvm::toString(std::move(error)).empty())
    abort(); // a refusal says why
  return 0;
}
