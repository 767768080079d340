//===- CompilerPool.cpp ---------------------------------------------------===//

#include "CompilerPool.h"

using namespace tez::worker;

static constexpr Milliseconds between(100); ///< two looks whether the end was asked for

CompilerPool::CompilerPool(const std::string &program, const CompilerLimits &limits,
                           unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    slots.push_back(std::make_unique<Slot>(program, limits));
}

void CompilerPool::Use::tried() const {
  std::lock_guard lock(slot.get_deleter().pool->mutex);
  slot->tried = true;
}

std::optional<CompilerPool::Use> CompilerPool::find(bool tried) {
  for (auto &slot : slots)
    if (!slot->taken && slot->tried == tried) {
      slot->taken = true;
      return Use(*this, *slot);
    }
  return std::nullopt;
}

std::optional<CompilerPool::Use> CompilerPool::takeUntried() {
  std::lock_guard lock(mutex);
  return find(false);
}

std::optional<CompilerPool::Use> CompilerPool::take(const Stop &stop) {
  std::unique_lock lock(mutex);
  while (!stop.asked()) {
    if (auto use = find(true))
      return use;
    change.wait_for(lock, between);
  }
  return std::nullopt;
}

void CompilerPool::giveBack(Slot &slot) {
  {
    std::lock_guard lock(mutex);
    slot.taken = false;
  }
  change.notify_one();
}
