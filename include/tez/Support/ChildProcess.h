//===- ChildProcess.h - What may crash or hang runs in a child --*- C++ -*-===//

#ifndef TEZ_SUPPORT_CHILDPROCESS_H
#define TEZ_SUPPORT_CHILDPROCESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace tez {

/// What a child may use, beyond what the parent has already.
struct ChildLimits {
  unsigned cpuSeconds = 4;
  unsigned wallSeconds = 24;                ///< also ends a child that sleeps
  uint64_t memory = uint64_t(1) << 30;      ///< bytes of address space; 0: no limit
  uint64_t mostOutput = uint64_t(64) << 20; ///< bytes that it may answer
  bool silent = true;                       ///< its stdout and stderr go nowhere
};

struct ChildEnd {
  enum Kind {
    Done,    ///< `output` is whole
    NotBorn, ///< the system gave no process
    Crashed, ///< by `signal`
    OutOfTime,
    OutOfMemory, ///< std::bad_alloc, or malloc's null where LLVM expects none
    TooMuchOutput,
  };
  Kind kind = NotBorn;
  int signal = 0;
  std::string output;

  /// "was ended by signal 11 (Segmentation fault)"
  std::string text() const;
};

/// Runs `action` in a fork of this process. Its result comes back as bytes, its
/// memory dies with it. The caller must have no other thread that holds a lock
/// which `action` needs. The child dies with the thread that made it.
ChildEnd runInChild(llvm::function_ref<std::string()> action, const ChildLimits &limits);

/// A fork of this process that stays and answers request after request. What is said of
/// runInChild holds for its making. One thread at a time.
class ServingChild {
public:
  using Serve = llvm::function_ref<std::string(llvm::StringRef)>;
  /// The child calls `begin` once, then `serve` for each request, and says nothing else.
  ServingChild(Serve serve, llvm::function_ref<void()> begin);
  ~ServingChild(); ///< ends it
  ServingChild(const ServingChild &) = delete;
  ServingChild &operator=(const ServingChild &) = delete;
  /// Blocks until the child has all of it. `limits` are those of this request.
  void tell(llvm::StringRef request, const ChildLimits &limits);
  /// Blocks until the answer to what it was told is there. Where the end is not Done the
  /// child is gone, and has to be made anew.
  ChildEnd hear();
  ChildEnd ask(llvm::StringRef request, const ChildLimits &limits) {
    return tell(request, limits), hear();
  }

private:
  ChildEnd lose();

  int process = -1, line = -1;
  bool told = false;
  uint64_t mostOutput = 0; ///< of the answer to it
};

} // namespace tez

#endif // TEZ_SUPPORT_CHILDPROCESS_H
