//===- CostTest.cpp -------------------------------------------------------===//

#include "tez/Analysis/Cost.h"
#include "Parsed.h"

using namespace tez;
using namespace tez::test;

namespace {

std::string activations(int count) {
  std::string body, value = "x";
  for (int i = 0; i < count; ++i) {
    std::string next = i + 1 == count ? "y" : "v" + std::to_string(i);
    body += "%" + next + " = esper.activation \"tanh\" %" + value + " : tensor<?x8xf32>\n";
    value = next;
  }
  return kernelText(body);
}

/// Two inputs of 64 bytes that the caller holds; of a chain two more are alive
/// at once, and in training all.
TEST(Cost, MemoryOfAChain) {
  Parsed parsed(activations(10));
  KernelCost cost = analyzeCost(parsed.kernel(), 2);
  EXPECT_EQ(cost.inferencePeak, 4 * 64);
  EXPECT_EQ(cost.trainingPeak, 12 * 64);
  EXPECT_EQ(cost.activationBytes(), cost.trainingPeak);
}

/// A value that is used again at the end stays alive.
TEST(Cost, MemoryOfASkipConnection) {
  Parsed parsed(kernelText("%a = esper.activation \"tanh\" %x : tensor<?x8xf32>\n"
                           "%b = esper.activation \"tanh\" %a : tensor<?x8xf32>\n"
                           "%c = esper.activation \"tanh\" %b : tensor<?x8xf32>\n"
                           "%y = esper.add %a, %c : (tensor<?x8xf32>, tensor<?x8xf32>) -> "
                           "tensor<?x8xf32>"));
  // Inputs, a, b and c at the third op; inputs, a, c and y at the last.
  EXPECT_EQ(analyzeCost(parsed.kernel(), 1).inferencePeak, 5 * 32);
}

/// The storage lives as long as its last view.
TEST(Cost, ViewsKeepTheirStorage) {
  Parsed parsed(kernelText(
      "%a = esper.activation \"tanh\" %x : tensor<?x8xf32>\n"
      "%v = esper.unsqueeze %a {dim = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x1x8xf32>\n"
      "%b = esper.activation \"tanh\" %z : tensor<?x8xf32>\n"
      "%c = esper.activation \"tanh\" %b : tensor<?x8xf32>\n"
      "%w = esper.squeeze %v {dim = 1 : i64} : (tensor<?x1x8xf32>) -> tensor<?x8xf32>\n"
      "%y = esper.add %w, %c : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>"));
  EXPECT_EQ(analyzeCost(parsed.kernel(), 1).inferencePeak, 5 * 32);
}

/// A parameter that two ops use belongs to the first.
TEST(Cost, SharedParametersCountOnce) {
  Parsed parsed(
      kernelText("%w = esper.param \"w\" <constant, 1.0> : tensor<8xf32>\n"
                 "%a = esper.add %x, %w : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>\n"
                 "%y = esper.add %a, %w : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>"));
  KernelCost cost = analyzeCost(parsed.kernel());
  ASSERT_EQ(cost.ops.size(), 2u);
  EXPECT_EQ(cost.ops[0].parameters, 8);
  EXPECT_EQ(cost.ops[1].parameters, 0);
  EXPECT_EQ(cost.parameters, 8);
}

/// Sizes beyond 64 bits saturate; nothing is allocated for them.
TEST(Cost, SizesSaturate) {
  Parsed parsed(activations(1));
  KernelCost cost = analyzeCost(parsed.kernel(), int64_t(1) << 60);
  EXPECT_EQ(cost.trainingPeak, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(cost.flops, 0x1p63);
}

/// The analysis works on a copy.
TEST(Cost, TheKernelStaysAsItIs) {
  Parsed parsed(activations(3));
  std::string before, after;
  llvm::raw_string_ostream(before) << *parsed.module;
  analyzeCost(parsed.kernel(), 4);
  llvm::raw_string_ostream(after) << *parsed.module;
  EXPECT_EQ(before, after);
}

} // namespace
