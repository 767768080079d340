//===- Compiler.h - A compiler that stays warm ------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_COMPILER_H
#define TEZ_SERVICE_WORKER_COMPILER_H

#include "tez/Service/Worker/Retry.h"
#include <sys/types.h>
#include <vector>

namespace tez::worker {

/// The compiler ended, or took too long and was ended.
struct CompilerDied : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CompilerLimits {
  std::chrono::seconds time{300};             ///< of one job
  uint64_t addressSpace = uint64_t(16) << 30; ///< bytes
  uint64_t fileSize = uint64_t(16) << 30;     ///< bytes
  unsigned jobs = 1000;                       ///< then another process takes over
};

/// `tez jobs` as a child process, started when there is a job and none runs.
/// It dies with the thread that started it. Not for several threads.
class Compiler {
public:
  struct Result {
    int exit;
    std::string output, messages;
  };

  Compiler(std::string program, CompilerLimits limits)
      : program(std::move(program)), limits(limits) {}
  Compiler(const Compiler &) = delete;
  Compiler &operator=(const Compiler &) = delete;
  ~Compiler() { end(); }

  /// Runs one command of tez. Throws CompilerDied, and GivenUp once `givenUp`
  /// says so; both end the process.
  Result run(const std::vector<std::string> &words, const std::function<bool()> &givenUp);

private:
  void start();
  std::string end(); ///< how it ended
  [[noreturn]] void kill(const char *why);
  void send(const std::string &line);
  std::string receive(const std::function<bool()> &givenUp);

  const std::string program;
  const CompilerLimits limits;
  pid_t process = -1;
  int input = -1, output = -1;
  unsigned jobs = 0;
};

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_COMPILER_H
