//===- OperatorsTest.cpp - The table of operators against torch -----------===//

#include "tez/Dialect/TorchScript/Operators.h"
#include "TorchTesting.h"

using namespace tez;
using namespace tez::test;

TEST(Operators, EverySchemaIsOneOfTorch) {
  for (const ts::Operator &op : ts::allOperators()) {
    std::vector<std::string> schemas = runtime().schemasOf(op.name);
    EXPECT_THAT(schemas, testing::Contains(op.schema.str()));
  }
}

TEST(Operators, UnknownNamesHaveNoSchema) {
  EXPECT_TRUE(runtime().schemasOf("aten::no_such_operator").empty());
  EXPECT_TRUE(runtime().schemasOf("not a name").empty());
}
