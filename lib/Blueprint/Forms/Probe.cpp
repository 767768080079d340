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
  constexpr rlim_t seconds = 4, memory = rlim_t(1) << 30;
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

/// Did the child come to its end.
static bool ended(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return true; // somebody else's SIGCHLD took it
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
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
  return ended(child);
}

static bool writeAll(int file, llvm::StringRef text) {
  while (!text.empty()) {
    ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      return false;
    text = text.drop_front(std::max<ssize_t>(written, 0));
  }
  return true;
}

/// Up to `most` bytes; one more tells that there are more.
static std::string readUpTo(int file, size_t most) {
  std::string text;
  char buffer[1 << 16];
  while (text.size() <= most) {
    ssize_t got = ::read(file, buffer, sizeof buffer);
    if (got > 0)
      text.append(buffer, size_t(got));
    else if (got == 0 || errno != EINTR)
      break;
  }
  return text;
}

std::optional<std::string> tez::blueprint::resultOf(llvm::function_ref<std::string()> action,
                                                    size_t most) {
  rlim_t space = addressSpace();
  int ends[2];
  if (::pipe(ends) != 0)
    return std::nullopt;
  pid_t child = ::fork();
  if (child == 0) {
    prepareChild(space);
    ::_exit(writeAll(ends[1], action()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text = child > 0 ? readUpTo(ends[0], most) : "";
  ::close(ends[0]); // a child that has more to write dies of it
  bool whole = child > 0 && ended(child) && text.size() <= most;
  return whole ? std::optional(std::move(text)) : std::nullopt;
}
