//===- Probe.cpp - What may crash is tried in a child ---------------------===//

#include "Probe.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(int resource, rlim_t most) {
  rlimit limits{most, most};
  ::setrlimit(resource, &limits);
}

/// Address space in use, which libtorch alone makes large.
static rlim_t addressSpace() {
  unsigned long pages = 0;
  FILE *file = ::fopen("/proc/self/statm", "r");
  if (!file)
    return 0;
  int read = ::fscanf(file, "%lu", &pages);
  ::fclose(file);
  return read == 1 ? rlim_t(pages) * rlim_t(::sysconf(_SC_PAGESIZE)) : 0;
}

/// A crash is expected: no core, no text about it, nobody's handler.
static void prepareChild(rlim_t space) {
  constexpr rlim_t seconds = 10, memory = rlim_t(1) << 30;
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, seconds);
  if (space > 0)
    limit(RLIMIT_AS, space + memory);
  ::alarm(6 * seconds); // a lock that another thread held while we forked
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM, SIGXCPU})
    ::signal(signal, SIG_DFL);
  int nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
}

bool tez::blueprint::survives(llvm::function_ref<void()> action) {
  rlim_t space = addressSpace();
  pid_t child = ::fork();
  if (child < 0)
    return true; // no child to be had: then without
  if (child == 0) {
    prepareChild(space);
    action();
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return true; // somebody else's SIGCHLD took it
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
