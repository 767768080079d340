//===- Child.h - Programs that are run within limits ------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_CHILD_H
#define TEZ_LIB_SERVICE_WORKER_CHILD_H

#include "tez/Service/Worker/Compiler.h"
#include <filesystem>

namespace tez::worker {

/// The three descriptors that a program begins with.
struct Streams {
  int input, output, messages;
};

/// In a child, between fork and exec: a process group of its own, that dies with
/// `parent`, within the limits of memory and files. Calls only what is safe there.
[[noreturn]] void becomeProgram(char *const words[], const Streams &streams, pid_t parent,
                                const CompilerLimits &limits);

/// How a process ended, by what waitpid says; `name`: "the compiler".
std::string describeEnd(const std::string &name, int status);

/// Runs a program, found as execv does, to its end, what it says in files of `folder`.
/// Throws CompilerDied where a signal or the limit of time ends it, GivenUp once `givenUp` says so,
/// Unavailable where there is no process or file to be had. Exit status 127: there is no such
/// program.
Compiler::Result runProgram(const std::vector<std::string> &words, const CompilerLimits &limits,
                            const std::filesystem::path &folder,
                            const std::function<bool()> &givenUp);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_CHILD_H
