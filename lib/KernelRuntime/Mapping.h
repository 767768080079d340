//===- Mapping.h - Memory of a loaded kernel --------------------*- C++ -*-===//

#ifndef TEZ_LIB_KERNELRUNTIME_MAPPING_H
#define TEZ_LIB_KERNELRUNTIME_MAPPING_H

#include <cstddef>

namespace tez::runtime {

/// Pages with a copy of some bytes, read-only or executable, never to be written again.
class Mapping {
public:
  enum class Use { Data, Code };

  Mapping() = default;
  /// Throws std::runtime_error when memory is short or may not be executable.
  Mapping(const void *bytes, size_t size, Use use);
  Mapping(Mapping &&other) noexcept;
  Mapping &operator=(Mapping &&other) noexcept;
  ~Mapping();

  const char *data() const { return static_cast<const char *>(pages); }
  size_t size() const { return bytes; }

private:
  void *pages = nullptr;
  size_t bytes = 0;
};

/// At least `size` bytes at a multiple of 64, of this thread, until its next call. Throws
/// std::bad_alloc.
void *threadScratch(size_t size);

} // namespace tez::runtime

#endif // TEZ_LIB_KERNELRUNTIME_MAPPING_H
