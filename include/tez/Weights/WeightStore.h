//===- WeightStore.h - The tensors behind params and buffers ----*- C++ -*-===//
//
// Weights live here, never in dense attributes: an MLIRContext does not give
// attribute memory back.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_WEIGHTS_WEIGHTSTORE_H
#define TEZ_WEIGHTS_WEIGHTSTORE_H

#include "tez/Support/HostTensor.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tez {

/// Tensors by state-dict name, in insertion order.
class WeightStore {
public:
  void set(llvm::StringRef name, HostTensor tensor);
  /// Null when there is none of that name.
  const HostTensor *lookup(llvm::StringRef name) const;
  const std::vector<std::string> &names() const { return order; }

private:
  llvm::StringMap<HostTensor> tensors;
  std::vector<std::string> order;
};

/// Reads a state dict saved by torch (.pt, zip) or safetensors, told apart by
/// content. Nothing in the file is executed. Errors name file and record.
llvm::Expected<WeightStore> readStateDict(const std::string &path);

/// The same for bytes in memory, which the tensors keep alive; its name
/// (getBufferIdentifier) begins every error.
llvm::Expected<WeightStore> readStateDict(std::shared_ptr<llvm::MemoryBuffer> buffer);

} // namespace tez

#endif // TEZ_WEIGHTS_WEIGHTSTORE_H
