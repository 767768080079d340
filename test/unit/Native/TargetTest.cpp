//===- TargetTest.cpp -----------------------------------------------------===//

#include "tez/Native/Target.h"
#include "gtest/gtest.h"

using namespace tez::native;

namespace {

TEST(Target, TilesFallToOneRow) {
  for (const char *name : {"x86-64-v3", "x86-64-v4", "armv8-a"}) {
    auto target = findTarget(name);
    ASSERT_TRUE(bool(target)) << name;
    for (const auto &tiles : {target->tiles, target->productTiles, target->narrowTiles}) {
      ASSERT_EQ(tiles.size() % 2, 0u);
      for (size_t i = 2; i < tiles.size(); i += 2)
        EXPECT_LT(tiles[i], tiles[i - 2]) << name;
      EXPECT_EQ(tiles[tiles.size() - 2], 1) << name;
    }
  }
}

TEST(Target, AProcessorHasItsLevel) {
  EXPECT_EQ(findTarget("znver3")->level, "x86-64-v3");
  EXPECT_EQ(findTarget("sapphirerapids")->level, "x86-64-v4");
  EXPECT_EQ(findTarget("neoverse-v1")->triple, "aarch64-unknown-linux-gnu");
}

TEST(Target, NarrowCodeMayUseDotProducts) {
  auto target = findTarget("znver4", /*narrow=*/true);
  EXPECT_EQ(target->level, "x86-64-v4+avx512vnni+avx512bf16");
  EXPECT_EQ(target->baseLevel(), "x86-64-v4");
  EXPECT_EQ(target->features(), "+avx512vnni,+avx512bf16");
  EXPECT_TRUE(target->has("avx512bf16"));
  EXPECT_FALSE(target->has("avx512"));
  EXPECT_EQ(findTarget("x86-64-v4", true)->level, "x86-64-v4");
  EXPECT_FALSE(findTarget("sapphirerapids", true)->hasHalfDots()); // it has them, and they are slow
  EXPECT_EQ(findTarget(target->level)->level, target->level);
}

TEST(Target, NativeIsNotKeptAsAName) {
  for (bool narrow : {false, true}) {
    auto target = findTarget("native", narrow);
    if (!target)
      return llvm::consumeError(target.takeError()); // a processor without any
    EXPECT_EQ(target->name, target->level);
    EXPECT_TRUE(runsHere(target->level));
  }
}

TEST(Target, WhatIsUnknownDoesNotRunHere) {
  for (const char *level : {"", "x86-64-v9", "x86-64-v3+magic", "x86-64-v3+"})
    EXPECT_FALSE(runsHere(level)) << level;
  EXPECT_FALSE(runsHere("x86-64-v3") && runsHere("armv8-a"));
}

} // namespace
