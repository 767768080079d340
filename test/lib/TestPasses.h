//===- TestPasses.h - Passes that only tests run ----------------*- C++ -*-===//

#ifndef TEZ_TEST_LIB_TESTPASSES_H
#define TEZ_TEST_LIB_TESTPASSES_H

namespace tez::test {

/// `test-interpret`: evaluates each kernel on the inputs and state written in
/// its attributes and prints outputs, updates and gradients.
void registerTestInterpretPass();

/// `test-compare-with-reference`: evaluates each kernel and the kernel of the
/// same name in `module @reference` on random inputs; an error where values,
/// updates or gradients differ.
void registerTestCompareWithReferencePass();

/// `test-fail`: an optimisation that goes wrong and says so.
void registerTestFailPass();

/// `test-plant-fault`: a miscompile that validation must find.
void registerTestPlantFaultPass();

/// `test-spoil-activations`: a pattern that changes nothing that counts and one
/// that miscompiles.
void registerTestSpoilActivationsPass();

} // namespace tez::test

#endif // TEZ_TEST_LIB_TESTPASSES_H
