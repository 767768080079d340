//===- PathTest.cpp - Places: paths, pointers, offsets, parents -----------===//

#include "Parsed.h"

using namespace tez::json;

TEST(Path, ofElement) {
  Parsed parsed("{\"architecture\": {\"config\":\n  {\"hidden_sizes\": [256, 12]}}}");
  Value list = parsed.at({"architecture", "config", "hidden_sizes"});
  Value second = *++list.array()->begin();
  EXPECT_EQ(second.path(), "architecture.config.hidden_sizes[1]");
  EXPECT_EQ(second.pointer(), "/architecture/config/hidden_sizes/1");
  EXPECT_EQ(second.position(), (Position{2, 26}));
  EXPECT_EQ(second.source(), "12");
  EXPECT_EQ(second.index(), 1u);
  EXPECT_EQ(second.key(), std::nullopt);
  EXPECT_EQ(second.parent(), list);
  EXPECT_EQ(list.key(), "hidden_sizes");
  EXPECT_EQ(list.index(), std::nullopt);
  EXPECT_EQ(parsed.source.text().substr(list.keySpan().begin, 4), "\"hid");
}

TEST(Path, ofRoot) {
  Parsed parsed(" [1]");
  Value root = parsed.document->root();
  EXPECT_EQ(root.path(), "");
  EXPECT_EQ(root.pointer(), "");
  EXPECT_EQ(root.parent(), std::nullopt);
  EXPECT_EQ(root.span().begin, 1u);
  EXPECT_EQ(root.span().end, 4u);
  EXPECT_EQ(root.array()->begin().operator*().path(), "[0]");
}

TEST(Path, quotesOddKeys) {
  Parsed parsed(R"({"a.b":{"~/":{"":[{"x y":{"c-d_1":0}}]}}})");
  Value list = parsed.at({"a.b", "~/", ""});
  Value inner = *list.array()->begin().operator*().object()->find("x y");
  Value leaf = *inner.object()->find("c-d_1");
  EXPECT_EQ(leaf.path(), R"(["a.b"]["~/"][""][0]["x y"].c-d_1)");
  EXPECT_EQ(leaf.pointer(), "/a.b/~0~1//0/x y/c-d_1");
}

TEST(Path, cutsLongKeysButNotInPointers) {
  std::string key(1000, 'k');
  Parsed parsed("{\"" + key + "\":1}");
  EXPECT_EQ(parsed.at({key}).path(), std::string(61, 'k') + "...");
  EXPECT_EQ(parsed.at({key}).pointer(), "/" + key);
}

TEST(Path, valueAt) {
  Parsed parsed(R"({"a":[10,{"b":2}],"c":3})");
  auto pathAt = [&](size_t offset) { return parsed.document->valueAt(offset).path(); };
  EXPECT_EQ(pathAt(0), "");
  EXPECT_EQ(pathAt(2), "a"); // its key
  EXPECT_EQ(pathAt(5), "a"); // the bracket
  EXPECT_EQ(pathAt(7), "a[0]");
  EXPECT_EQ(pathAt(8), "a"); // the comma
  EXPECT_EQ(pathAt(11), "a[1].b");
  EXPECT_EQ(pathAt(14), "a[1].b");
  EXPECT_EQ(pathAt(15), "a[1]");
  EXPECT_EQ(pathAt(17), "");
  EXPECT_EQ(pathAt(22), "c");
  EXPECT_EQ(pathAt(23), "");
  EXPECT_EQ(pathAt(999), "");
}

TEST(Path, valueAtOfBareScalar) { EXPECT_EQ(Parsed(" 5 ").document->valueAt(0).source(), "5"); }

TEST(Path, iterationSkipsWhatIsInside) {
  Parsed parsed(R"({"a":{"x":[1,2]},"b":[[[]],3],"c":null})");
  std::string seen;
  for (Member member : parsed.root())
    seen += std::string(member.key) + "=" + std::string(member.value.source()) + ";";
  EXPECT_EQ(seen, R"(a={"x":[1,2]};b=[[[]],3];c=null;)");
  EXPECT_EQ(parsed.root().size(), 3u);
  EXPECT_EQ(parsed.at({"b"}).array()->size(), 2u);
}
