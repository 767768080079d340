//===- Threads.cpp --------------------------------------------------------===//
//
// at::parallel_for is a template of torch's headers, and serial where it is compiled
// without OpenMP. Clang's OpenMP is another runtime than torch's, with a pool of its
// own, so the pool is entered by the function that the pragma stands for (the ABI of
// libgomp, which other runtimes have too). It is the process's: nothing is linked.
//
//===----------------------------------------------------------------------===//

#include "Threads.h"
#include <ATen/Parallel.h>
#include <exception>
#include <mutex>

extern "C" {
__attribute__((weak)) void GOMP_parallel(void (*body)(void *), void *argument, unsigned threads,
                                         unsigned flags);
__attribute__((weak)) int omp_get_thread_num();
__attribute__((weak)) int omp_get_num_threads();
}

namespace {
struct Work {
  int64_t count;
  void (*task)(void *, int64_t);
  void *argument;
  std::mutex mutex;
  std::exception_ptr failure;

  /// Of one thread: every so-manieth task.
  void run(int64_t first, int64_t step) {
    try {
      for (int64_t i = first; i < count; i += step)
        task(argument, i);
    } catch (...) {
      std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  }
};
} // namespace

static bool hasPool() { return GOMP_parallel && omp_get_thread_num && omp_get_num_threads; }

int tez::availableThreads() {
  return hasPool() && !at::in_parallel_region() ? at::get_num_threads() : 1;
}

void tez::runOnThreads(int64_t count, void (*task)(void *, int64_t), void *argument) {
  Work work{count, task, argument, {}, {}};
  int64_t threads = std::min<int64_t>(availableThreads(), count);
  auto body = [](void *work) {
    c10::ParallelGuard inside(true);
    static_cast<Work *>(work)->run(omp_get_thread_num(), omp_get_num_threads());
  };
  if (threads > 1)
    GOMP_parallel(body, &work, unsigned(threads), 0);
  else
    work.run(0, 1);
  if (work.failure)
    std::rethrow_exception(work.failure);
}
