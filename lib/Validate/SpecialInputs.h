//===- SpecialInputs.h - Inputs that are not N(0, 1) ------------*- C++ -*-===//
//
// What the parts of the check "special-inputs" have in common.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_VALIDATE_SPECIALINPUTS_H
#define TEZ_LIB_VALIDATE_SPECIALINPUTS_H

#include "Trial.h"

namespace tez {

/// The smallest shapes but one, if there are more: at the smallest of all a convolution may
/// see nothing but its padding. nullopt: no such batch is admitted.
std::optional<InputShapes> quietShapes(KernelUnderTest &file, int64_t batch, unsigned skip = 1);

/// Random ones, of the file's seed.
std::vector<HostTensor> inputsOf(KernelUnderTest &file, const InputShapes &shapes);

inline bool isFloating(const HostTensor &tensor) { return tensor.dtype() == DType::f32; }

/// Each value by `make`.
HostTensor mapped(const HostTensor &tensor, double (*make)(double));

/// NaN and infinity in the inputs reach the results as in torch's operators, one by one.
mlir::LogicalResult judgePoisons(KernelUnderTest &file, Verdict &verdict);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_SPECIALINPUTS_H
