//===- LargePages.cpp -----------------------------------------------------===//
//
// A fork copies an entry for each page that its parent has, and pays for each that it
// touches first: some 15 ms of the 90 that validation takes for a small kernel. In large
// pages there are few of them. glibc would also give memory back between calls and pay again.
//
//===----------------------------------------------------------------------===//

#include "tez/Support/LargePages.h"
#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>

void tez::growHeapInLargePages() {
#ifdef __GLIBC__
  constexpr size_t megabyte = size_t(1) << 20, page = 2 * megabyte, reserve = 64 * megabyte;
  constexpr int mostOnHeap = 32 * int(megabyte); // more has pages of its own, glibc's most
  ::mallopt(M_MMAP_THRESHOLD, mostOnHeap);
  ::mallopt(M_TRIM_THRESHOLD, INT32_MAX);
  ::mallopt(M_TOP_PAD, int(reserve));
  // Larger than what is free in the heap: it comes from behind its end, the pad too.
  void *grown = std::malloc(size_t(mostOnHeap) - megabyte);
  if (!grown)
    return;
  uintptr_t begin = (uintptr_t(grown) + page - 1) / page * page;
  ::madvise(reinterpret_cast<void *>(begin), reserve, MADV_HUGEPAGE);
  std::free(grown);
#endif
}
