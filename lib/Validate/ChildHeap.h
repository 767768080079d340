//===- ChildHeap.h - The heap of a process that lives a moment --*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_CHILDHEAP_H
#define TEZ_LIB_VALIDATE_CHILDHEAP_H

namespace tez {

/// Lets the heap of this process, a fresh fork, grow in large pages and keep what is freed.
/// A speed matter alone: where the system will not, nothing changes.
void growHeapInLargePages();

} // namespace tez

#endif // TEZ_LIB_VALIDATE_CHILDHEAP_H
