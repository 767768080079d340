//===- RandomDraws.h - What ATen's random operators draw --------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_RANDOMDRAWS_H
#define TEZ_LIB_TORCH_RANDOMDRAWS_H

#include "tez/Support/RandomSource.h"

namespace tez {

/// See TorchRuntime::randomSource.
std::unique_ptr<RandomSource> createRandomDraws(uint64_t seed, DType dtype);

} // namespace tez

#endif // TEZ_LIB_TORCH_RANDOMDRAWS_H
