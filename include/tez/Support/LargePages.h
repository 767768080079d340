//===- LargePages.h - A heap that is cheap to fork --------------*- C++ -*-===//

#ifndef TEZ_SUPPORT_LARGEPAGES_H
#define TEZ_SUPPORT_LARGEPAGES_H

namespace tez {

/// Lets the heap of this process grow in large pages from here on and keep what is freed.
/// For processes that fork often, before most is allocated, and for their children. A speed
/// matter alone: where the system will not, nothing changes. Before other threads run.
void growHeapInLargePages();

} // namespace tez

#endif // TEZ_SUPPORT_LARGEPAGES_H
