//===- Kernel.h - A loaded kernel -------------------------------*- C++ -*-===//

#ifndef TEZ_LIB_KERNELRUNTIME_KERNEL_H
#define TEZ_LIB_KERNELRUNTIME_KERNEL_H

#include "Mapping.h"
#include "Plan.h"
#include "tez_kernel.h"
#include <functional>

/// The record of this name; data null where there is none.
using FindRecord = std::function<tez_bytes(const std::string &)>;

/// Immutable once it is there.
struct tez_kernel {
  /// Throws std::runtime_error.
  explicit tez_kernel(const FindRecord &find);

  /// `positions`: rows of a sample.
  void forward(const float *const *inputs, float *const *outputs, int64_t rows, int64_t positions,
               const tez_threads *threads) const;

  tez::runtime::Plan plan;
  tez::runtime::Variant variant;

private:
  using Entry = void (*)(void *const *pointers, int64_t rows, int64_t positions);
  struct Call;
  void runBlock(const Call &call, int64_t block) const;
  int64_t leastRows() const;

  tez::runtime::Mapping code, weights;
  Entry entry = nullptr;
};

#endif // TEZ_LIB_KERNELRUNTIME_KERNEL_H
