//===- Child.cpp - Programs that are run within limits --------------------===//

#include "Child.h"
#include "Files.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tez;
using namespace tez::worker;
using Clock = std::chrono::steady_clock;

static void limit(int resource, uint64_t value) {
  rlimit both{value, value};
  setrlimit(__rlimit_resource_t(resource), &both);
}

void worker::becomeProgram(char *const words[], const Streams &streams, pid_t parent,
                           const CompilerLimits &limits) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) // which died before it could be watched
    _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_AS, limits.addressSpace);
  limit(RLIMIT_FSIZE, limits.fileSize);
  limit(RLIMIT_NOFILE, 256);
  dup2(streams.input, STDIN_FILENO);
  dup2(streams.output, STDOUT_FILENO);
  dup2(streams.messages, STDERR_FILENO);
  execv(words[0], words);
  _exit(127);
}

std::string worker::describeEnd(const std::string &name, int status) {
  if (WIFSIGNALED(status))
    return name + " was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
           strsignal(WTERMSIG(status)) + ")";
  return name + " ended with exit status " + std::to_string(WEXITSTATUS(status));
}

namespace {
/// A file, open for a child.
struct OpenFile {
  OpenFile(const std::filesystem::path &path, int flags)
      : number(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number < 0)
      throw Unavailable(path.string() + ": " + std::strerror(errno));
  }
  OpenFile(const OpenFile &) = delete;
  OpenFile &operator=(const OpenFile &) = delete;
  ~OpenFile() { ::close(number); }
  const int number;
};

/// A process group that is gone with this object.
struct Group {
  explicit Group(pid_t leader) : leader(leader) {}
  Group(const Group &) = delete;
  Group &operator=(const Group &) = delete;
  ~Group() {
    ::kill(-leader, SIGKILL);
    if (!ended)
      waitpid(leader, nullptr, 0);
  }
  const pid_t leader;
  bool ended = false;
};
} // namespace

static pid_t start(const std::vector<std::string> &words, const Streams &streams,
                   const CompilerLimits &limits) {
  std::vector<char *> pointers; // made before the fork: a child may not allocate
  for (const std::string &word : words)
    pointers.push_back(const_cast<char *>(word.c_str()));
  pointers.push_back(nullptr);
  pid_t parent = getpid(), process = fork();
  if (process == 0)
    becomeProgram(pointers.data(), streams, parent, limits);
  if (process < 0)
    throw Unavailable("cannot start " + words[0] + ": " + std::strerror(errno));
  setpgid(process, process); // whoever of the two comes first
  return process;
}

static int waitFor(Group &group, const std::string &name, const CompilerLimits &limits,
                   const std::function<bool()> &givenUp) {
  auto deadline = Clock::now() + limits.time;
  int status = 0;
  while (waitpid(group.leader, &status, WNOHANG) == 0) {
    if (givenUp())
      throw GivenUp();
    if (Clock::now() > deadline)
      throw CompilerDied(name + " took more than " + std::to_string(limits.time.count()) + " s");
    usleep(10'000);
  }
  group.ended = true;
  return status;
}

Compiler::Result worker::runProgram(const std::vector<std::string> &words,
                                    const CompilerLimits &limits,
                                    const std::filesystem::path &folder,
                                    const std::function<bool()> &givenUp) {
  std::filesystem::path output = folder / "stdout", messages = folder / "stderr";
  std::string name = std::filesystem::path(words[0]).filename();
  int status = 0;
  {
    OpenFile nothing("/dev/null", O_RDONLY), out(output, O_WRONLY | O_CREAT | O_TRUNC),
        err(messages, O_WRONLY | O_CREAT | O_TRUNC);
    Group group(start(words, {nothing.number, out.number, err.number}, limits));
    status = waitFor(group, name, limits, givenUp);
  }
  if (WIFSIGNALED(status))
    throw CompilerDied(describeEnd(name, status));
  return {WEXITSTATUS(status), readFile(output), readFile(messages)};
}
