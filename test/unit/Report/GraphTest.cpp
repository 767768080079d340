//===- GraphTest.cpp - Layout and counterparts ----------------------------===//

#include "GraphLayout.h"
#include "GraphMatch.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <random>

using namespace tez::report;

static GraphNode node(std::string op, std::string field) {
  return {GraphNode::Kind::Op, op, "", "", field, "", {}};
}

/// Every node reads some of those before it.
static Graph randomGraph(unsigned seed) {
  std::mt19937 random(seed);
  Graph graph;
  unsigned count = 2 + random() % 40;
  for (unsigned to = 0; to < count; ++to) {
    graph.nodes.push_back(node("op", ""));
    for (unsigned from = 0; from < to; ++from)
      if (random() % (1 + count / 3) == 0)
        graph.edges.push_back({from, to});
  }
  return graph;
}

TEST(GraphLayout, NothingOverlapsAndEdgesRunDown) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Graph graph = randomGraph(seed);
    auto layout = layOut(graph, std::vector<double>(graph.nodes.size(), 100), 50);
    ASSERT_TRUE(layout) << seed;
    for (size_t i = 0; i < layout->boxes.size(); ++i) {
      const Box &a = layout->boxes[i];
      EXPECT_GE(a.x, 0);
      EXPECT_LE(a.x + a.width, layout->width);
      EXPECT_LE(a.y + a.height, layout->height);
      for (size_t j = 0; j < i; ++j) {
        const Box &b = layout->boxes[j];
        EXPECT_TRUE(a.y != b.y || std::abs(a.x - b.x) >= 100) << seed << ": " << i << ", " << j;
      }
    }
    for (size_t i = 0; i < graph.edges.size(); ++i) {
      const auto &route = layout->routes[i];
      EXPECT_EQ(route.front().x, layout->boxes[graph.edges[i].from].centre());
      EXPECT_EQ(route.back().y, layout->boxes[graph.edges[i].to].y);
      EXPECT_TRUE(std::ranges::is_sorted(route, {}, &Point::y)) << seed;
    }
  }
}

TEST(GraphLayout, LongEdgesGoAroundBoxes) {
  // 0 -> 1 -> 2 and 0 -> 2
  Graph graph{{node("a", ""), node("b", ""), node("c", "")}, {{0, 1}, {0, 2}, {1, 2}}};
  auto layout = layOut(graph, {100, 100, 100}, 50);
  ASSERT_TRUE(layout);
  const auto &route = layout->routes[1];
  ASSERT_EQ(route.size(), 4u);
  const Box &passed = layout->boxes[1];
  EXPECT_TRUE(route[1].x < passed.x || route[1].x > passed.x + passed.width);
}

TEST(GraphLayout, TooLargeIsNotDrawn) {
  Graph graph;
  EXPECT_FALSE(layOut(graph, {}, 50));
  graph.nodes.assign(700, node("op", ""));
  EXPECT_FALSE(layOut(graph, std::vector<double>(700, 100), 50));
}

TEST(GraphMatch, SameOpOfTheFieldIsKept) {
  Graph before{{node("linear", "a"), node("gelu", "a"), node("norm", "b")}, {}};
  Graph after{{node("matmul", "a"), node("gelu", "a"), node("fused", "-")}, {}};
  GraphLinks links = match(before, after);
  EXPECT_TRUE(links.before[1].kept);
  EXPECT_EQ(links.before[1].other, 1u);
  EXPECT_EQ(links.after[1].other, 1u);
  // Another op of the same field is its counterpart; what came from what is not known.
  EXPECT_FALSE(links.before[0].kept);
  EXPECT_EQ(links.before[0].other, 0u);
  EXPECT_EQ(links.before[0].related, "");
  EXPECT_EQ(links.after[0].related, "");
  // Nothing of that field is left, and what has no place came from nowhere.
  EXPECT_FALSE(links.before[2].other);
  EXPECT_FALSE(links.after[2].other);
}

TEST(GraphMatch, TheOnlyOpOfAFieldBecameWhatIsThere) {
  Graph before{{node("linear", "a"), node("attention", "b")}, {}};
  Graph after{
      {node("matmul", "a"), node("add", "a"), node("x", "b"), node("y", "b"), node("z", "b")}, {}};
  GraphLinks links = match(before, after);
  EXPECT_EQ(links.before[0].related, "matmul, add");
  EXPECT_EQ(links.after[1].related, "linear");
  EXPECT_EQ(links.before[1].related, "3 operations");
  EXPECT_EQ(links.after[4].other, 1u);
}

TEST(GraphMatch, TwinsAreMatchedInOrder) {
  Graph before{{node("add", "a"), node("add", "a")}, {}};
  Graph after{{node("add", "a"), node("add", "a"), node("add", "a")}, {}};
  GraphLinks links = match(before, after);
  EXPECT_EQ(links.after[0].other, 0u);
  EXPECT_EQ(links.after[1].other, 1u);
  EXPECT_FALSE(links.after[2].kept);
}
