//===- ChildProcess.cpp ---------------------------------------------------===//

#include "tez/Support/ChildProcess.h"
#include "llvm/Support/ErrorHandling.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tez;

/// Exit codes of the child that are not its own.
static constexpr int kNoMemory = 113, kNoPipe = 114;

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

static void outOfMemory(void *, const char *, bool) { ::_exit(kNoMemory); }

/// A crash is expected: no core, no text about it, nobody's handler.
static void prepareChild(rlim_t space, const ChildLimits &limits) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, limits.cpuSeconds);
  if (space > 0 && limits.memory > 0)
    limit(RLIMIT_AS, space + limits.memory);
  ::alarm(limits.wallSeconds);
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM, SIGXCPU, SIGTERM,
                     SIGINT, SIGHUP})
    ::signal(signal, SIG_DFL);
  // The parent has a handler of its own; two are an error.
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler(outOfMemory);
  std::set_new_handler([] { ::_exit(kNoMemory); });
  if (!limits.silent)
    return;
  int nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
}

static bool writeAll(int file, const std::string &text) {
  for (size_t done = 0; done < text.size();) {
    ssize_t written = ::write(file, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR)
      return false;
    done += size_t(written < 0 ? 0 : written);
  }
  return true;
}

[[noreturn]] static void runChild(llvm::function_ref<std::string()> action, int end) {
  try {
    ::_exit(writeAll(end, action()) ? 0 : kNoPipe);
  } catch (const std::bad_alloc &) {
    ::_exit(kNoMemory);
  } catch (...) {
    ::abort();
  }
}

/// Up to `most` bytes; one more tells that there are more.
static std::string readUpTo(int file, uint64_t most) {
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

static ChildEnd endOf(pid_t child, std::string output, uint64_t most) {
  ChildEnd end;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return end; // somebody else's SIGCHLD took it: nothing is known of it
  end.output = std::move(output);
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
    bool late = end.signal == SIGALRM || end.signal == SIGXCPU || end.signal == SIGKILL;
    end.kind = late ? ChildEnd::OutOfTime : ChildEnd::Crashed;
  } else if (end.output.size() > most) {
    end.kind = ChildEnd::TooMuchOutput;
  } else if (WEXITSTATUS(status) == kNoMemory) {
    end.kind = ChildEnd::OutOfMemory;
  } else {
    end.kind = WEXITSTATUS(status) == 0 ? ChildEnd::Done : ChildEnd::Crashed;
  }
  return end;
}

ChildEnd tez::runInChild(llvm::function_ref<std::string()> action, const ChildLimits &limits) {
  rlim_t space = addressSpace();
  int ends[2];
  if (::pipe(ends) != 0)
    return {};
  pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    prepareChild(space, limits);
    runChild(action, ends[1]);
  }
  ::close(ends[1]);
  std::string output = child > 0 ? readUpTo(ends[0], limits.mostOutput) : "";
  ::close(ends[0]); // a child that has more to write dies of it
  return child > 0 ? endOf(child, std::move(output), limits.mostOutput) : ChildEnd();
}

std::string ChildEnd::text() const {
  switch (kind) {
  case Done:
    return "ended";
  case NotBorn:
    return "could not be started, or was lost";
  case Crashed:
    return signal
               ? "was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")"
               : "exited by itself";
  case OutOfTime:
    return "took longer than its limit";
  case OutOfMemory:
    return "needed more memory than its limit";
  case TooMuchOutput:
    return "answered more than its limit";
  }
  return "";
}
