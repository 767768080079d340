//===- Equivalence.h - Faults that are none where they stand ----*- C++ -*-===//

#ifndef TEZ_TEST_VALIDATOR_EQUIVALENCE_H
#define TEZ_TEST_VALIDATOR_EQUIVALENCE_H

#include "tez/Validate/Validate.h"

namespace tez::test {

/// Does the mutant compute what `good` does, in fp64, on many more inputs than
/// validation tries: several shapes, batches, scales and NaN; gradients where it
/// trains, what shares memory with what, and the refusal of ranks that `good` guards
/// against. A bias of zeros, a term that cancels and a copy that only operators read are
/// faults of that kind.
bool computesTheSame(KernelUnderTest &mutant, KernelUnderTest &good, esper::KernelOp reference);

} // namespace tez::test

#endif // TEZ_TEST_VALIDATOR_EQUIVALENCE_H
