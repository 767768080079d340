//===- StateDictReaders.h - The file formats of weights ---------*- C++ -*-===//
//
// Both readers treat every byte as hostile: ranges and sizes are checked before
// anything is allocated, and memory stays within a small multiple of the file.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_WEIGHTS_STATEDICTREADERS_H
#define TEZ_LIB_WEIGHTS_STATEDICTREADERS_H

#include "tez/Weights/WeightStore.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tez {

/// Tensors point into the mapped file and keep it alive.
using SharedBuffer = std::shared_ptr<llvm::MemoryBuffer>;

/// `path` is used in errors only.
llvm::Expected<WeightStore> readSafeTensors(llvm::StringRef path, const SharedBuffer &buffer);
llvm::Expected<WeightStore> readTorchStateDict(llvm::StringRef path, const SharedBuffer &buffer);

llvm::Error weightsError(llvm::StringRef path, const llvm::Twine &message);

/// The number of elements; refuses negative dimensions and products that do not
/// fit (taking zeros for ones: strides are computed that way).
llvm::Expected<int64_t> checkedCount(llvm::ArrayRef<int64_t> shape);

/// A tensor over `bytes` (exactly its elements, a part of `buffer`); copied only
/// when they are not aligned. Refuses booleans other than 0 and 1.
llvm::Expected<HostTensor> viewBytes(DType dtype, std::vector<int64_t> shape,
                                     const SharedBuffer &buffer, llvm::StringRef bytes);

} // namespace tez

#endif // TEZ_LIB_WEIGHTS_STATEDICTREADERS_H
