//===- Compiler.cpp -------------------------------------------------------===//

#include "Child.h"
#include "tez/Service/Worker/Json.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace tez::worker;
using Clock = std::chrono::steady_clock;

static constexpr size_t mostAnswer = size_t(64) << 20;

/// Between fork and exec: only calls that are safe there.
[[noreturn]] static void becomeCompiler(const char *program, int input, int output, pid_t parent,
                                        const CompilerLimits &limits) {
  char jobs[] = "jobs";
  char *const words[] = {const_cast<char *>(program), jobs, nullptr};
  becomeProgram(words, {input, output, open("/dev/null", O_WRONLY | O_CLOEXEC)}, parent, limits);
}

void Compiler::start() {
  int in[2] = {-1, -1}, out[2] = {-1, -1};
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
    throw Unavailable(std::string("no pipe to a compiler: ") + std::strerror(errno));
  pid_t parent = getpid();
  process = fork();
  if (process == 0)
    becomeCompiler(program.c_str(), in[0], out[1], parent, limits);
  int fault = errno;
  if (process > 0)
    setpgid(process, process); // it does so too: whoever comes first, for end() kills the group
  close(in[0]);
  close(out[1]);
  input = in[1];
  output = out[0];
  jobs = 0;
  if (process < 0) {
    end();
    throw Unavailable(std::string("cannot start a compiler: ") + std::strerror(fault));
  }
}

std::string Compiler::end() {
  for (int *descriptor : {&input, &output})
    if (*descriptor >= 0)
      close(std::exchange(*descriptor, -1));
  if (process < 0)
    return "";
  // A process that ends by itself has closed its output before; a moment later
  // its status tells more than our kill would.
  int status = 0;
  for (int i = 0; i < 100 && waitpid(process, &status, WNOHANG) == 0; ++i) {
    if (i == 99) {
      ::kill(-process, SIGKILL); // with the children it validates in
      waitpid(process, &status, 0);
      break;
    }
    usleep(2000);
  }
  ::kill(-process, SIGKILL);
  process = -1;
  return describeEnd("the compiler", status);
}

void Compiler::send(const std::string &line) {
  for (size_t done = 0; done < line.size();) {
    ssize_t wrote = write(input, line.data() + done, line.size() - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0)
      throw CompilerDied(end());
    done += size_t(wrote);
  }
}

/// Whether it ended, though a child of its own may still hold its output.
static bool hasEnded(pid_t process) {
  siginfo_t about{};
  return waitid(P_PID, id_t(process), &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         about.si_pid == process;
}

void Compiler::kill(const char *why) {
  ::kill(-process, SIGKILL);
  end();
  throw CompilerDied(why);
}

std::string Compiler::receive(const std::function<bool()> &givenUp) {
  auto deadline = Clock::now() + limits.time;
  std::string line,
      tooLong = "the compiler took more than " + std::to_string(limits.time.count()) + " s";
  for (char bytes[65536]; line.empty() || line.back() != '\n';) {
    pollfd ready{output, POLLIN, 0};
    int some = poll(&ready, 1, 100);
    if (givenUp()) {
      ::kill(-process, SIGKILL);
      end();
      throw GivenUp();
    }
    if (Clock::now() > deadline)
      kill(tooLong.c_str());
    ssize_t got = some > 0 ? read(output, bytes, sizeof(bytes)) : -1;
    if (got == 0 || (got < 0 && hasEnded(process)))
      throw CompilerDied(end());
    line.append(bytes, size_t(std::max<ssize_t>(got, 0)));
    if (line.size() > mostAnswer)
      kill("the compiler said more than 64 MiB");
  }
  return line;
}

Compiler::Result Compiler::run(const std::vector<std::string> &words,
                               const std::function<bool()> &givenUp) {
  if (process >= 0 && jobs >= limits.jobs)
    end();
  if (process < 0)
    start();
  ++jobs;
  send(toText(Json(words)) + "\n");
  Json answer = parseJson(receive(givenUp)).value_or(Json());
  const Json &code = valueAt(answer, "exit");
  if (!code.is_number_integer()) {
    end();
    throw CompilerDied("the compiler answered what is no result");
  }
  return {code.get<int>(), textAt(answer, "stdout"), textAt(answer, "stderr")};
}
