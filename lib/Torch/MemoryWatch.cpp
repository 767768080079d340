//===- MemoryWatch.cpp - What torch's operators allocate ------------------===//

#include "MemoryWatch.h"
#include <atomic>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <mutex>
#include <unordered_map>

using namespace tez;

namespace {
/// Counts what goes through it. Never freed: tensors may outlive the watch.
class CountingAllocator : public c10::Allocator {
public:
  std::atomic<int64_t> live = 0, peak = 0;
  std::optional<uint8_t> fill;

  static CountingAllocator &get() {
    static auto *allocator = new CountingAllocator;
    return *allocator;
  }

  c10::DataPtr allocate(size_t bytes) override {
    void *data = c10::alloc_cpu(bytes);
    if (fill && bytes)
      std::memset(data, *fill, bytes);
    std::lock_guard<std::mutex> lock(mutex);
    if (data) // none for no bytes
      sizes[data] = bytes;
    live += int64_t(bytes);
    peak = std::max(peak.load(), live.load());
    return {data, data, &release, c10::DeviceType::CPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void *to, const void *from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

private:
  static void release(void *data) {
    if (!data)
      return;
    {
      std::lock_guard<std::mutex> lock(get().mutex);
      auto found = get().sizes.find(data);
      get().live -= int64_t(found->second);
      get().sizes.erase(found);
    }
    c10::free_cpu(data);
  }

  std::mutex mutex;
  std::unordered_map<void *, size_t> sizes; ///< by address; torch tells only that when it frees
};

class Watch : public MemoryWatch {
public:
  explicit Watch(std::optional<uint8_t> fill) : before(c10::GetCPUAllocator()) {
    counting().fill = fill;
    start = counting().live;
    restart();
    c10::SetCPUAllocator(&counting(), /*priority=*/255);
  }
  ~Watch() override { c10::SetCPUAllocator(before, /*priority=*/255); }
  int64_t live() const override { return counting().live - start; }
  int64_t peak() const override { return counting().peak - start; }
  void restartPeak() override { restart(); }

private:
  static void restart() { counting().peak = counting().live.load(); }
  static CountingAllocator &counting() { return CountingAllocator::get(); }
  c10::Allocator *before;
  int64_t start = 0;
};
} // namespace

std::unique_ptr<MemoryWatch> tez::createMemoryWatch(std::optional<uint8_t> fill) {
  return std::make_unique<Watch>(fill);
}
