//===- CompilerPool.h - Fewer compilers than lanes --------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_COMPILERPOOL_H
#define TEZ_LIB_SERVICE_WORKER_COMPILERPOOL_H

#include "tez/Service/Worker/Compiler.h"
#include "tez/Service/Worker/Retry.h"
#include <memory>
#include <optional>
#include <vector>

namespace tez::worker {

/// Compilers that lanes take turns with: while one lane stores and posts what it has
/// compiled, another compiles. For any threads; it must outlive what is taken from it.
class CompilerPool {
  struct Slot {
    Slot(const std::string &program, const CompilerLimits &limits) : compiler(program, limits) {}
    Compiler compiler;
    bool tried = false, taken = false;
  };

public:
  CompilerPool(const std::string &program, const CompilerLimits &limits, unsigned count);

  /// A compiler, until this is destroyed.
  class Use {
  public:
    Compiler &operator*() const { return slot->compiler; }
    /// It has shown that it compiles: from now on `take` may give it away.
    void tried() const;

  private:
    friend CompilerPool;
    struct GiveBack {
      CompilerPool *pool;
      void operator()(Slot *slot) const { pool->giveBack(*slot); }
    };
    Use(CompilerPool &pool, Slot &slot) : slot(&slot, GiveBack{&pool}) {}
    std::unique_ptr<Slot, GiveBack> slot;
  };

  /// One that has not compiled yet; nothing when there is no such one left.
  std::optional<Use> takeUntried();
  /// Waits for one that is free and was tried; nothing once the end is asked for.
  std::optional<Use> take(const Stop &stop);

private:
  std::optional<Use> find(bool tried);
  void giveBack(Slot &slot);

  std::mutex mutex;
  std::condition_variable change;
  std::vector<std::unique_ptr<Slot>> slots;
};

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_COMPILERPOOL_H
