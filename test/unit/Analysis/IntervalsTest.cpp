//===- IntervalsTest.cpp --------------------------------------------------===//

#include "tez/Analysis/Intervals.h"
#include "Parsed.h"

using namespace tez;
using namespace tez::test;

namespace {

Interval intervalOf(const std::string &body) {
  Parsed parsed(kernelText(body));
  return Intervals(parsed.kernel()).of(parsed.result());
}

constexpr double inf = std::numeric_limits<double>::infinity();
const std::string sigmoid = "%s = esper.activation \"sigmoid\" %x : tensor<?x8xf32>\n";
const std::string both = " : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>";

TEST(Intervals, OfArithmetic) {
  EXPECT_EQ(intervalOf("%y = esper.add %x, %z" + both), Interval());
  EXPECT_EQ(intervalOf(sigmoid + "%y = esper.add %s, %s" + both), (Interval{0, 2}));
  EXPECT_EQ(intervalOf(sigmoid + "%y = esper.subtract %s, %s" + both), (Interval{-1, 1}));
  EXPECT_EQ(intervalOf(sigmoid + "%y = esper.scale %s, -3.0 : tensor<?x8xf32>"), (Interval{-3, 0}));
  EXPECT_EQ(intervalOf("%y = esper.multiply %x, %x" + both), (Interval{0, inf}));
  EXPECT_EQ(intervalOf("%y = esper.multiply %x, %z" + both), Interval());
}

TEST(Intervals, OfDivision) {
  EXPECT_EQ(intervalOf(sigmoid + "%y = esper.divide %x, %s" + both), Interval());
  EXPECT_EQ(intervalOf(sigmoid +
                       "%a = esper.activation \"add_scalar\"(1.0) %s : tensor<?x8xf32>\n"
                       "%y = esper.divide %s, %a" +
                       both),
            (Interval{0, 1}));
}

/// Zeros come in with dropout and padding.
TEST(Intervals, OfOpsThatAddZeros) {
  EXPECT_EQ(intervalOf("%t = esper.training \"\"\n"
                       "%a = esper.activation \"sigmoid\" %x : tensor<?x8xf32>\n"
                       "%b = esper.activation \"add_scalar\"(1.0) %a : tensor<?x8xf32>\n"
                       "%y = esper.dropout element(5.0e-01) %b, %t : tensor<?x8xf32>"),
            (Interval{0, 4}));
}

} // namespace
