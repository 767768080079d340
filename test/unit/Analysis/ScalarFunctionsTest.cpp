//===- ScalarFunctionsTest.cpp --------------------------------------------===//

#include "ScalarFunctions.h"
#include "Parsed.h"
#include <cmath>

using namespace tez;
using namespace tez::test;

namespace {

const char *const activationKinds[] = {
#define TEZ_ACTIVATION(KIND, ...) #KIND,
#include "tez/Dialect/Esper/Activations.def"
#undef TEZ_ACTIVATION
};

const unsigned parameterCounts[] = {
#define TEZ_ACTIVATION(KIND, ATEN, COUNT, ...) COUNT,
#include "tez/Dialect/Esper/Activations.def"
#undef TEZ_ACTIVATION
};

TEST(ScalarFunctions, EveryActivationHasARowAndNoRowIsLeftOver) {
  for (const char *kind : activationKinds)
    EXPECT_NE(findScalar(kind), nullptr) << kind;
  EXPECT_EQ(scalarRows().size(), std::size(activationKinds));
}

/// The values that torch gives, at 1.5 and -1.5.
TEST(ScalarFunctions, ValuesAreTorchs) {
  struct Row {
    const char *kind;
    std::vector<double> p;
    double atPlus, atMinus;
  };
  const Row rows[] = {{"gelu", {}, 1.3997892, -0.1002108},
                      {"gelu_tanh", {}, 1.3995717, -0.1004283},
                      {"silu", {}, 1.2263618, -0.2736383},
                      {"mish", {}, 1.4033783, -0.2980997},
                      {"log_sigmoid", {}, -0.2014133, -1.7014133},
                      {"hardswish", {}, 1.125, -0.375},
                      {"selu", {}, 1.5760515, -1.3658142},
                      {"elu", {0.5}, 1.5, -0.3884349},
                      {"celu", {2}, 1.5, -1.0552669},
                      {"softplus", {2, 20}, 1.5242937, 0.0242937},
                      {"threshold", {2, -7}, -7, -7},
                      {"softshrink", {0.5}, 1.0, -1.0}};
  for (const Row &row : rows) {
    EXPECT_NEAR(findScalar(row.kind)->value(1.5, row.p), row.atPlus, 1e-6) << row.kind;
    EXPECT_NEAR(findScalar(row.kind)->value(-1.5, row.p), row.atMinus, 1e-6) << row.kind;
  }
}

std::string applied(size_t kind, double first) {
  std::string parameters;
  for (unsigned i = 0; i < parameterCounts[kind]; ++i)
    parameters += (i ? ", " : "(") + std::to_string(i ? 2 * first : first);
  return "%y = esper.activation \"" + std::string(activationKinds[kind]) + "\"" + parameters +
         (parameters.empty() ? "" : ")") + " %x : tensor<?x8xf32>";
}

/// No value of the function on an interval lies outside of its image.
TEST(ScalarFunctions, ImagesHoldEveryValue) {
  for (size_t kind = 0; kind < std::size(activationKinds); ++kind)
    for (double first : {0.25, 0.5, 2.0, -1.0}) {
      Parsed parsed(kernelText(applied(kind, first)));
      auto op = parsed.result().getDefiningOp<esper::ActivationOp>();
      for (Interval input :
           {Interval{-3, -1}, Interval{-2, 0.5}, Interval{0, 0}, Interval{0.1, 4}}) {
        Interval image = imageOf(op, input);
        for (int i = 0; i <= 100; ++i) {
          double x = input.low + (input.high - input.low) * i / 100;
          double y = findScalar(op.getKind())->value(x, op.getParameters());
          EXPECT_TRUE(std::isnan(y) || (y >= image.low - 1e-12 && y <= image.high + 1e-12))
              << activationKinds[kind] << " p " << first << " at " << x;
        }
      }
    }
}

} // namespace
