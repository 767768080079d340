//===- state-dict.cpp - Fuzzes the readers of weight files ----------------===//
//
// torch.save's format and safetensors. Whatever is handed out can be read to its
// last byte.
//
//===----------------------------------------------------------------------===//

#include "tez/Weights/WeightStore.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdlib>

using namespace tez;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  auto store = readStateDict(llvm::MemoryBuffer::getMemBufferCopy(bytes, "the file"));
  if (!store) {
    if (llvm::toString(store.takeError()).empty())
      abort(); // a refusal says why
    return 0;
  }
  size_t total = 0;
  for (const std::string &name : store->names()) {
    const HostTensor *tensor = store->lookup(name);
    total += tensor->numBytes();
    if (total > 64 * (size + 64) || tensor->toDoubles().size() != size_t(tensor->numElements()))
      abort();
  }
  return 0;
}
