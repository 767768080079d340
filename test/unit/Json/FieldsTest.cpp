//===- FieldsTest.cpp - Reading an object field by field ------------------===//

#include "tez/Json/Fields.h"

#include "Parsed.h"

using namespace tez::json;

TEST(Fields, readsAConstructor) {
  Parsed parsed(R"({"in_features":4,"out_features":8,"bias":false})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_EQ(f.integer("in_features", kLayerSize), 4);
  EXPECT_EQ(f.integer("out_features", kLayerSize), 8);
  EXPECT_EQ(f.booleanOr("bias", true), false);
  EXPECT_EQ(f.numberOr("eps", 1e-5), 1e-5);
  EXPECT_TRUE(f.finish());
  EXPECT_TRUE(parsed.sink.all().empty());
}

TEST(Fields, missingFieldIsPlacedAtItsObject) {
  Parsed parsed("{\"config\":\n  {}}");
  Fields f(*parsed.at({"config"}).object(), parsed.sink);
  EXPECT_EQ(f.integer("in_features"), std::nullopt);
  EXPECT_FALSE(f.ok());
  EXPECT_EQ(parsed.finding(), "2:3 config.in_features: required field is missing");
  EXPECT_EQ(parsed.sink.all()[0].pointer, "/config/in_features");
}

TEST(Fields, allFaultsInOneRunAndEachOnce) {
  Parsed parsed(R"({"a":"1","b":2.5,"c":1,"d":true})");
  Fields f(parsed.root(), parsed.sink);
  f.integer("a");
  f.integer("a");
  f.integer("b");
  EXPECT_EQ(f.booleanOr("c", true), true);
  EXPECT_EQ(f.integerOr("d", 7), 7);
  f.error("d", "and something else");
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.sink.errorCount(), 4u);
  EXPECT_EQ(parsed.finding(3), "1:28 d: expected an integer, found true");
}

TEST(Fields, unknownFields) {
  Parsed parsed(R"({"in_feature":4,"zzzzzzzz":1})");
  Fields f(parsed.root(), parsed.sink);
  f.integerOr("in_features", 1);
  f.booleanOr("bias", true);
  EXPECT_TRUE(f.ok());
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.finding(0), "1:2 in_feature: unknown field (did you mean \"in_features\"?)");
  EXPECT_EQ(parsed.finding(1),
            "1:17 zzzzzzzz: unknown field (known here: \"in_features\", \"bias\")");
  EXPECT_EQ(parsed.sink.all()[0].length, 12u);
}

TEST(Fields, manyUnknownFieldsDoNotFlood) {
  std::string text = "{\"k\":0";
  for (int i = 0; i < 1000; ++i)
    text += ",\"k" + std::to_string(i) + "\":0";
  Parsed parsed(text + "}");
  Fields f(parsed.root(), parsed.sink);
  f.integer("k");
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.sink.errorCount(), 16u);
  EXPECT_EQ(parsed.sink.all()[15].message, "unknown field; more of them may follow");
}

TEST(Fields, fieldThatWasOnlyLookedAt) {
  Parsed parsed(R"({"dim":1})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_TRUE(f.has("dim"));
  EXPECT_FALSE(f.has("other"));
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.finding(), "1:2 dim: field does not apply here");
}

TEST(Fields, nullIsNotADefault) {
  Parsed parsed(R"({"a":null,"b":null})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_TRUE(f.has("a"));
  EXPECT_EQ(f.integerOr("a", 3), 3);
  EXPECT_EQ(f.optionalString("b"), std::nullopt);
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.finding(0), "1:6 a: expected an integer, found null");
  EXPECT_EQ(parsed.finding(1), "1:15 b: expected a string, found null");
}

TEST(Fields, nullMeansAbsentWhereItIsAllowed) {
  Parsed parsed(R"({"a":null,"b":null,"c":null,"d":null})");
  Fields f(parsed.root(), parsed.sink, Nulls::MeanAbsent);
  EXPECT_FALSE(f.has("a"));
  EXPECT_EQ(f.integerOr("a", 3), 3);
  EXPECT_EQ(f.optionalString("b"), std::nullopt);
  f.refuse("c", "not supported");
  EXPECT_TRUE(f.ok());
  f.integer("d"); // a required field is still required
  EXPECT_EQ(parsed.finding(0), "1:33 d: expected an integer, found null");
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.sink.errorCount(), 1u);
}

TEST(Fields, refuse) {
  Parsed parsed(R"({"device":"cuda","other":1})");
  Fields f(parsed.root(), parsed.sink);
  f.refuse("device", "the device is chosen by --target");
  f.refuse("absent", "never seen");
  f.integer("other");
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.sink.errorCount(), 1u);
  EXPECT_EQ(parsed.finding(), "1:2 device: the device is chosen by --target");
}

TEST(Fields, errorAndWarningAtAField) {
  Parsed parsed(R"({"heads":3,"flops":7})");
  Fields f(parsed.root(), parsed.sink);
  f.integer("heads");
  f.warning("flops", "the true figure is 8");
  EXPECT_TRUE(f.ok());
  f.error("heads", "embed_dim (256) must divide by num_heads (3)");
  f.error("absent", "is needed with heads", "add it");
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.sink.all()[0].severity, Severity::Warning);
  EXPECT_EQ(parsed.finding(1), "1:10 heads: embed_dim (256) must divide by num_heads (3)");
  EXPECT_EQ(parsed.finding(2), "1:1 absent: is needed with heads (add it)");
}

TEST(Fields, alsoFrom) {
  Parsed parsed(R"({"config":{"a":1,"b":2},"init_params":{"b":3,"c":4,"x":5}})");
  Fields f(*parsed.at({"config"}).object(), parsed.sink);
  f.alsoFrom(*parsed.at({"init_params"}).object());
  EXPECT_EQ(f.integer("a"), 1);
  EXPECT_EQ(f.integer("b"), std::nullopt);
  EXPECT_EQ(f.integer("c"), 4);
  EXPECT_FALSE(f.finish());
  EXPECT_EQ(parsed.finding(0),
            "1:40 init_params.b: expected each field once, found it also in config.b");
  EXPECT_EQ(parsed.finding(1).substr(0, 34), "1:52 init_params.x: unknown field ");
  EXPECT_EQ(parsed.sink.errorCount(), 2u);
}

TEST(Fields, child) {
  Parsed parsed(R"({"architecture":{"type":"linear"},"bad":[]})");
  Fields f(parsed.root(), parsed.sink);
  Fields architecture = f.child("architecture");
  EXPECT_EQ(architecture.string("type"), "linear");
  EXPECT_TRUE(architecture.finish());

  Fields bad = f.child("bad");
  EXPECT_EQ(bad.integer("n"), std::nullopt);
  bad.error("n", "silent");
  EXPECT_FALSE(bad.finish());
  Fields missing = f.child("missing");
  EXPECT_FALSE(missing.child("deeper").finish());
  EXPECT_FALSE(missing.finish());
  EXPECT_FALSE(f.finish());
  ASSERT_EQ(parsed.sink.errorCount(), 2u);
  EXPECT_EQ(parsed.finding(0), "1:41 bad: expected an object, found an empty array");
  EXPECT_EQ(parsed.finding(1), "1:1 missing: required field is missing");
}

TEST(Fields, childThatMayBeAbsent) {
  Parsed parsed(R"({"nodes":[{"id":"n"}]})");
  Value node = *parsed.at({"nodes"}).array()->begin();
  Fields f(*node.object(), parsed.sink);
  Fields attributes = f.childOrEmpty("attributes");
  EXPECT_EQ(attributes.integerOr("groups", 1), 1);
  EXPECT_TRUE(attributes.finish());
  attributes.integer("a.b");
  Fields deeper = attributes.childOrEmpty("deeper");
  deeper.integer("n");
  EXPECT_EQ(parsed.finding(0), "1:11 nodes[0].attributes[\"a.b\"]: required field is missing");
  EXPECT_EQ(parsed.finding(1), "1:11 nodes[0].attributes.deeper.n: required field is missing");
  EXPECT_EQ(parsed.sink.all()[1].pointer, "/nodes/0/attributes/deeper/n");
}

TEST(Fields, rawAndValueTakeAnything) {
  Parsed parsed(R"({"a":null,"b":[1]})");
  Fields f(parsed.root(), parsed.sink);
  EXPECT_TRUE(f.raw("a")->isNull());
  EXPECT_EQ(f.value("b")->source(), "[1]");
  EXPECT_EQ(f.raw("c"), std::nullopt);
  EXPECT_TRUE(f.finish());
  EXPECT_EQ(f.value("c"), std::nullopt);
  EXPECT_FALSE(f.ok());
}
