//===- kernel-file.cpp - Fuzzes the readers of whole kernel files ---------===//
//
// The bytes are a file and a bundle's signature at once: no crash, and what one
// answer says another does not deny.
//
//===----------------------------------------------------------------------===//

#include "tez/Artifact/Archive.h"
#include "tez/Artifact/KernelFile.h"
#include "tez/Artifact/Signature.h"
#include "tez/Support/ZipReader.h"
#include <cstdlib>

using namespace tez;

static bool accepts(llvm::Error error) {
  if (!error)
    return true;
  if (llvm::toString(std::move(error)).empty())
    abort(); // a refusal says why
  return false;
}

static const TrustPolicy &policy() {
  static const TrustPolicy trusted = {{llvm::cantFail(generateKey()).publicKey}, {}};
  return trusted;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  bool isWhole = accepts(verifyArchive(bytes)), isSafe = accepts(checkKernelFile(bytes));
  llvm::Expected<ZipReader> zip = ZipReader::open(bytes);
  if (!zip) {
    llvm::consumeError(zip.takeError());
    if (isWhole || isSafe)
      abort();
  } else {
    for (const std::string &name : zip->names())
      llvm::consumeError(zip->read(name).takeError());
  }
  if (accepts(verifySignature(bytes, "K.pt", "content", policy())))
    abort(); // nobody has that key
  return 0;
}
