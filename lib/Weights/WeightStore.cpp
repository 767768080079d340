//===- WeightStore.cpp - The tensors behind params and buffers ------------===//

#include "tez/Weights/WeightStore.h"
#include "StateDictReaders.h"
#include "llvm/Support/FileSystem.h"

using namespace tez;

void WeightStore::set(llvm::StringRef name, HostTensor tensor) {
  auto [entry, isNew] = tensors.try_emplace(name);
  if (isNew)
    order.push_back(name.str());
  entry->second = std::move(tensor);
}

const HostTensor *WeightStore::lookup(llvm::StringRef name) const {
  auto found = tensors.find(name);
  return found == tensors.end() ? nullptr : &found->second;
}

/// Maps a regular file (a pipe or device could go on for ever).
static llvm::Expected<SharedBuffer> openFile(const std::string &path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return weightsError(path, error.message());
  if (!llvm::sys::fs::is_regular_file(status))
    return weightsError(path, "not a regular file");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return weightsError(path, buffer.getError().message());
  return SharedBuffer(std::move(*buffer));
}

llvm::Expected<WeightStore> tez::readStateDict(const std::string &path) {
  auto buffer = openFile(path);
  if (!buffer)
    return buffer.takeError();
  return readStateDict(std::move(*buffer));
}

llvm::Expected<WeightStore> tez::readStateDict(SharedBuffer buffer) {
  // The first bytes: a local file header of a zip, or the pickle of torch < 1.6.
  llvm::StringRef bytes = buffer->getBuffer(), path = buffer->getBufferIdentifier();
  if (bytes.starts_with("PK\x03\x04"))
    return readTorchStateDict(path, buffer);
  // All of its magic number: the first bytes of a safetensors file are a length, which may begin
  // so.
  if (bytes.starts_with("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"))
    return weightsError(path, "saved in the format of torch before 1.6; load it in torch and "
                              "save it again with torch.save");
  return readSafeTensors(path, buffer);
}

llvm::Error tez::weightsError(llvm::StringRef path, const llvm::Twine &message) {
  return llvm::createStringError(path + ": " + message);
}

llvm::Expected<int64_t> tez::checkedCount(llvm::ArrayRef<int64_t> shape) {
  int64_t count = 1;
  bool empty = false;
  for (int64_t dim : shape) {
    if (dim < 0)
      return llvm::createStringError("dimension %lld is negative", (long long)dim);
    empty |= dim == 0;
    if (__builtin_mul_overflow(count, std::max<int64_t>(dim, 1), &count))
      return llvm::createStringError("the product of the dimensions exceeds 64 bits");
  }
  return empty ? 0 : count;
}

llvm::Expected<HostTensor> tez::viewBytes(DType dtype, std::vector<int64_t> shape,
                                          const SharedBuffer &buffer, llvm::StringRef bytes) {
  if (dtype == DType::i1)
    for (size_t i = 0; i < bytes.size(); ++i)
      if (static_cast<unsigned char>(bytes[i]) > 1)
        return llvm::createStringError("boolean element %zu is %d, expected 0 or 1", i,
                                       static_cast<unsigned char>(bytes[i]));
  if (reinterpret_cast<uintptr_t>(bytes.data()) % byteWidth(dtype) == 0) {
    // The mapping is read only; nobody writes to shared storage.
    return HostTensor(dtype, std::move(shape), buffer, const_cast<char *>(bytes.data()));
  }
  HostTensor copy(dtype, std::move(shape));
  if (!bytes.empty())
    std::memcpy(copy.data(), bytes.data(), bytes.size());
  return copy;
}
