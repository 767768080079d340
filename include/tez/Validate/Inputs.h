//===- Inputs.h - Inputs to try a kernel with -------------------*- C++ -*-===//

#ifndef TEZ_VALIDATE_INPUTS_H
#define TEZ_VALIDATE_INPUTS_H

#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Support/HostTensor.h"
#include <optional>
#include <vector>

namespace tez {

/// One random input a shape: N(0, 1) rounded to fp32, or integers below what the
/// look-ups they feed allow. Optional inputs may be left out.
std::vector<std::optional<HostTensor>> randomInputs(esper::KernelOp kernel,
                                                    const InputShapes &shapes, uint64_t seed,
                                                    bool withoutOptionals = false);

} // namespace tez

#endif // TEZ_VALIDATE_INPUTS_H
