//===- GrowthTest.cpp - Kernels of many layers ----------------------------===//

#include "Parsed.h"
#include "tez/Analysis/Report.h"

using namespace tez;
using namespace tez::test;

namespace {

/// Layers whose values all fan out: what is quadratic would not come back.
TEST(Growth, ManyLayersAndManyUses) {
  constexpr int kLayers = 20000;
  std::string body, value = "x";
  for (int i = 0; i < kLayers; ++i) {
    std::string next = i + 1 == kLayers ? "y" : "v" + std::to_string(i);
    body += "%" + next + " = esper.add %" + value +
            ", %z : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>\n";
    value = next;
  }
  Parsed parsed(kernelText(body));
  AnalysisReport report = analyze(parsed.kernel());
  EXPECT_EQ(report.cost.ops.size(), size_t(kLayers));
  EXPECT_EQ(report.cost.flops, 8.0 * kLayers);
}

} // namespace
