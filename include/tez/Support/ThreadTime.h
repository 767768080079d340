//===- ThreadTime.h - Processor time of this thread -------------*- C++ -*-===//

#ifndef TEZ_SUPPORT_THREADTIME_H
#define TEZ_SUPPORT_THREADTIME_H

#include <ctime>

namespace tez {

/// What the processor did for this thread, since it began: what others do on the machine is not
/// in it.
inline double threadMilliseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * double(time.tv_sec) + 1e-6 * double(time.tv_nsec);
}

} // namespace tez

#endif // TEZ_SUPPORT_THREADTIME_H
