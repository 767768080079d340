//===- Threads.h - Torch's own threads --------------------------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_OPS_THREADS_H
#define TEZ_LIB_TORCH_OPS_THREADS_H

#include <cstdint>

namespace tez {

/// How many threads `runOnThreads` shares tasks among: at::get_num_threads(), one inside of a
/// parallel region or without torch's pool.
int availableThreads();

/// `task(argument, i)` for each i in [0, count), by torch's pool of OpenMP threads. Returns when
/// all are done; of exceptions that tasks throw, one is thrown again.
void runOnThreads(int64_t count, void (*task)(void *, int64_t), void *argument);

} // namespace tez

#endif // TEZ_LIB_TORCH_OPS_THREADS_H
