//===- ChildProcess.cpp ---------------------------------------------------===//

#include "tez/Support/ChildProcess.h"
#include "llvm/Support/ErrorHandling.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace tez;

/// Exit codes of the child that are not its own.
static constexpr int kNoMemory = 113, kNoPipe = 114;

static void limit(int resource, rlim_t most) {
  rlimit limits{most, most};
  ::setrlimit(resource, &limits);
}

/// Until the next one.
static void limitForNow(int resource, rlim_t most) {
  rlimit limits{};
  ::getrlimit(resource, &limits);
  limits.rlim_cur = std::min(most, limits.rlim_max);
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

/// Nobody would hear it any more. On systems that can tell.
static void dieWith([[maybe_unused]] pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(kNoPipe);
#endif
}

/// A crash is expected: no core, no text about it, nobody's handler.
static void prepareChild(pid_t parent, bool silent) {
  dieWith(parent);
  limit(RLIMIT_CORE, 0);
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM, SIGXCPU, SIGTERM,
                     SIGINT, SIGHUP})
    ::signal(signal, SIG_DFL);
  // The parent has a handler of its own; two are an error.
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler(outOfMemory);
  std::set_new_handler([] { ::_exit(kNoMemory); });
  if (!silent)
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
  pid_t parent = ::getpid();
  int ends[2];
  if (::pipe(ends) != 0)
    return {};
  pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    prepareChild(parent, limits.silent);
    limit(RLIMIT_CPU, limits.cpuSeconds);
    if (space > 0 && limits.memory > 0)
      limit(RLIMIT_AS, space + limits.memory);
    ::alarm(limits.wallSeconds);
    runChild(action, ends[1]);
  }
  ::close(ends[1]);
  std::string output = child > 0 ? readUpTo(ends[0], limits.mostOutput) : "";
  ::close(ends[0]); // a child that has more to write dies of it
  return child > 0 ? endOf(child, std::move(output), limits.mostOutput) : ChildEnd();
}

//===----------------------------------------------------------------------===//
// A child that stays
//===----------------------------------------------------------------------===//

namespace {
/// Before each request and each answer.
struct Header {
  uint64_t size = 0;
  ChildLimits limits; ///< of a request
};
} // namespace

static bool sendAll(int line, const void *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t sent = ::send(line, static_cast<const char *>(data) + done, size - done, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR)
      return false;
    done += size_t(sent < 0 ? 0 : sent);
  }
  return true;
}

static bool receiveAll(int line, void *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t got = ::recv(line, static_cast<char *>(data) + done, size - done, 0);
    if (got == 0 || (got < 0 && errno != EINTR))
      return false;
    done += size_t(got < 0 ? 0 : got);
  }
  return true;
}

static bool sendText(int line, Header header, llvm::StringRef text) {
  header.size = text.size();
  return sendAll(line, &header, sizeof header) && sendAll(line, text.data(), text.size());
}

static void allowFor(const ChildLimits &limits) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  limitForNow(RLIMIT_CPU,
              rlim_t(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1 + limits.cpuSeconds);
  limitForNow(RLIMIT_AS, limits.memory > 0 ? addressSpace() + limits.memory : RLIM_INFINITY);
  ::alarm(limits.wallSeconds);
}

static void answerAll(int line, ServingChild::Serve serve) {
  std::string request;
  Header header;
  while (receiveAll(line, &header, sizeof header)) {
    request.resize(header.size);
    if (!receiveAll(line, request.data(), request.size()))
      return;
    allowFor(header.limits);
    std::string answer = serve(request);
    ::alarm(0);
    if (!sendText(line, {}, answer))
      return;
  }
}

ServingChild::ServingChild(Serve serve, llvm::function_ref<void()> begin) {
  pid_t parent = ::getpid();
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return;
  process = ::fork();
  if (process == 0) {
    ::close(ends[0]);
    prepareChild(parent, /*silent=*/true);
    begin();
    runChild([&] { return answerAll(ends[1], serve), std::string(); }, ends[1]);
  }
  ::close(ends[1]);
  line = ends[0];
}

void ServingChild::tell(llvm::StringRef request, const ChildLimits &limits) {
  mostOutput = limits.mostOutput;
  told = process >= 0 && sendText(line, {0, limits}, request);
}

ChildEnd ServingChild::hear() {
  Header header;
  if (!std::exchange(told, false) || !receiveAll(line, &header, sizeof header))
    return lose();
  if (header.size > mostOutput) {
    lose();
    return {.kind = ChildEnd::TooMuchOutput};
  }
  ChildEnd end;
  end.output.resize(header.size);
  if (!receiveAll(line, end.output.data(), end.output.size()))
    return lose();
  end.kind = ChildEnd::Done;
  return end;
}

ChildEnd ServingChild::lose() {
  ::close(std::exchange(line, -1));
  pid_t child = std::exchange(process, -1);
  if (child < 0)
    return {};
  ::kill(child, SIGKILL); // of no effect on one that has ended
  return endOf(child, "", 0);
}

ServingChild::~ServingChild() { lose(); }

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
