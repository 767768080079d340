//===- Mapping.cpp --------------------------------------------------------===//

#include "Mapping.h"
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using namespace tez::runtime;

static char *mapAnonymous(size_t size) {
  void *pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED)
    throw std::runtime_error("no memory for " + std::to_string(size) + " bytes");
  return static_cast<char *>(pages);
}

/// Weights that fill huge pages get them, where the system has any: a product that reads megabytes
/// in every call waits for translations otherwise. Their size is that of x86-64 and most of
/// AArch64; with another one nothing is gained or lost.
static char *mapPages(size_t size) {
  constexpr size_t huge = size_t(2) << 20;
  if (size < huge)
    return mapAnonymous(size);
  char *begin = mapAnonymous(size + huge);
  char *pages = begin + (huge - reinterpret_cast<uintptr_t>(begin) % huge) % huge;
  if (pages != begin)
    munmap(begin, pages - begin);
  size_t page = sysconf(_SC_PAGESIZE);
  char *behind = pages + (size + page - 1) / page * page, *end = begin + size + huge;
  if (behind < end)
    munmap(behind, end - behind);
  madvise(pages, size, MADV_HUGEPAGE); // a wish
  return pages;
}

/// Written before it may be run, and run only when it can no longer be written.
Mapping::Mapping(const void *from, size_t size, Use use) : bytes(size) {
  if (size == 0)
    return;
  pages = mapPages(size);
  std::memcpy(pages, from, size);
  int protection = use == Use::Code ? PROT_READ | PROT_EXEC : PROT_READ;
  if (use == Use::Code)
    __builtin___clear_cache(static_cast<char *>(pages), static_cast<char *>(pages) + size);
  if (mprotect(pages, size, protection) == 0)
    return;
  munmap(pages, size);
  pages = nullptr;
  throw std::runtime_error("this process may not make memory executable");
}

Mapping::Mapping(Mapping &&other) noexcept
    : pages(std::exchange(other.pages, nullptr)), bytes(std::exchange(other.bytes, 0)) {}

Mapping &Mapping::operator=(Mapping &&other) noexcept {
  std::swap(pages, other.pages);
  std::swap(bytes, other.bytes);
  return *this;
}

Mapping::~Mapping() {
  if (pages)
    munmap(pages, bytes);
}

void *tez::runtime::threadScratch(size_t size) {
  struct Free {
    void operator()(void *memory) const { std::free(memory); }
  };
  static thread_local std::unique_ptr<void, Free> memory;
  static thread_local size_t capacity = 0;
  if (size <= capacity)
    return memory.get();
  size_t rounded = (size + 63) / 64 * 64;
  memory.reset();
  capacity = 0;
  memory.reset(std::aligned_alloc(64, rounded));
  if (!memory)
    throw std::bad_alloc();
  capacity = rounded;
  return memory.get();
}
