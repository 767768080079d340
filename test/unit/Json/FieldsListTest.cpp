//===- FieldsListTest.cpp - Choices and lists of integers -----------------===//

#include "tez/Json/Fields.h"

#include "Parsed.h"

using namespace tez::json;

using Integers = std::vector<int64_t>;

TEST(FieldsList, oneOf) {
  Parsed parsed(R"({"a":"gelu","b":"glu"})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_EQ(f.oneOf("a", {"relu", "gelu"}, "relu"), "gelu");
  EXPECT_EQ(f.oneOf("absent", {"relu", "gelu"}, "relu"), "relu");
  EXPECT_TRUE(f.ok());
  EXPECT_EQ(f.oneOf("b", {"relu", "gelu"}), std::nullopt);
  EXPECT_EQ(parsed.finding(),
            "1:17 b: expected one of \"relu\", \"gelu\", found the string \"glu\" "
            "(did you mean \"gelu\"?)");
}

TEST(FieldsList, integers) {
  Parsed parsed(R"({"a":[1,2],"b":[],"c":[1,"2"],"d":[1,2,3]})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_EQ(f.integers("a", kLayerSize), (Integers{1, 2}));
  EXPECT_EQ(f.integersOr("b", {5}), Integers{});
  EXPECT_EQ(f.integersOr("absent", {5, 6}), (Integers{5, 6}));
  EXPECT_TRUE(f.ok());
  EXPECT_EQ(f.integers("c"), std::nullopt);
  EXPECT_EQ(parsed.finding(0), "1:26 c[1]: expected an integer, found the string \"2\"");
  EXPECT_EQ(f.optionalIntegers("d", {}, {.max = 2}), std::nullopt);
  EXPECT_EQ(parsed.finding(1),
            "1:35 d: expected an array of at most 2 elements, found an array (3 in it)");
}

TEST(FieldsList, integerOrList) {
  Parsed parsed(R"({"a":3,"b":[1,2],"c":[1],"d":"same","e":[0,1],"f":true})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_EQ(f.integerOrList("a", 2, kLayerSize), (Integers{3, 3}));
  EXPECT_EQ(f.integerOrList("b", 2, kLayerSize), (Integers{1, 2}));
  EXPECT_EQ(f.integerOrListOr("absent", 3, 1), (Integers{1, 1, 1}));
  EXPECT_TRUE(f.ok());
  f.integerOrList("c", 2);
  f.integerOrList("d", 2, kLayerSize);
  f.integerOrList("e", 2, kLayerSize);
  f.integerOrList("f", 1);
  EXPECT_EQ(parsed.finding(0), "1:22 c: expected an array of 2 elements, found an array (1 in it)");
  EXPECT_EQ(parsed.finding(1), "1:30 d: expected an integer from 1 to 2147483647, or an array of 2 "
                               "elements, found the string \"same\"");
  EXPECT_EQ(parsed.finding(2),
            "1:42 e[0]: expected an integer from 1 to 2147483647, found 0 (out of range)");
  EXPECT_EQ(parsed.finding(3), "1:51 f: expected an integer, or an array of 1 element, found true");
}

TEST(FieldsList, integerOrAnyList) {
  Parsed parsed(R"({"a":3,"b":[1,2,3],"c":[]})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_EQ(f.integerOrAnyList("a"), Integers{3});
  EXPECT_EQ(f.integerOrAnyList("b"), (Integers{1, 2, 3}));
  EXPECT_TRUE(f.ok());
  EXPECT_EQ(f.integerOrAnyList("c"), std::nullopt);
  EXPECT_EQ(parsed.finding(),
            "1:24 c: expected an array of at least 1 element, found an empty array (0 in it)");
}

TEST(FieldsList, containers) {
  Parsed parsed(R"({"o":{"k":1},"a":[1,2],"s":"x"})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_EQ(f.object("o")->size(), 1u);
  EXPECT_EQ(f.array("a")->size(), 2u);
  EXPECT_EQ(f.optionalArray("absent").has_value(), false);
  EXPECT_EQ(f.optionalObject("s").has_value(), false);
  EXPECT_EQ(parsed.finding(), "1:28 s: expected an object, found the string \"x\"");
}

TEST(FieldsList, fieldOfSeveralTypes) {
  Parsed parsed(R"({"padding":"same","scale":[0.5,2],"null":null})");
  Fields f(parsed.root(), parsed.sink, Nulls::MeanAbsent);
  EXPECT_EQ(f.kind("padding"), Kind::String);
  EXPECT_EQ(f.kind("null"), std::nullopt);
  EXPECT_EQ(f.oneOf("padding", {"same", "valid"}), "same");
  EXPECT_EQ(f.optionalNumberOrList("scale", 2, {.above = 0}), (std::vector<double>{0.5, 2}));
  EXPECT_EQ(f.optionalIntegerOrAnyList("null"), std::nullopt);
  EXPECT_TRUE(f.finish());
}

TEST(FieldsList, failSpeaksForTheCaller) {
  Parsed parsed(R"({"output_size":[1,{}]})");
  Fields f(parsed.root(), parsed.sink);
  f.raw("output_size");
  f.fail("output_size");
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.sink.errorCount(), 0u);
}
