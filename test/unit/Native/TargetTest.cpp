//===- TargetTest.cpp -----------------------------------------------------===//

#include "tez/Native/Target.h"
#include "gtest/gtest.h"

using namespace tez::native;

namespace {

TEST(Target, TilesFallToOneRow) {
  for (const char *name : {"x86-64-v3", "x86-64-v4", "armv8-a"}) {
    auto target = findTarget(name);
    ASSERT_TRUE(bool(target)) << name;
    ASSERT_EQ(target->tiles.size() % 2, 0u);
    for (size_t i = 2; i < target->tiles.size(); i += 2)
      EXPECT_LT(target->tiles[i], target->tiles[i - 2]) << name;
    EXPECT_EQ(target->tiles[target->tiles.size() - 2], 1) << name;
  }
}

TEST(Target, AProcessorHasItsLevel) {
  EXPECT_EQ(findTarget("znver3")->level, "x86-64-v3");
  EXPECT_EQ(findTarget("sapphirerapids")->level, "x86-64-v4");
  EXPECT_EQ(findTarget("neoverse-v1")->triple, "aarch64-unknown-linux-gnu");
}

TEST(Target, NativeIsNotKeptAsAName) {
  auto target = findTarget("native");
  if (!target)
    return llvm::consumeError(target.takeError()); // a processor without any
  EXPECT_EQ(target->name, target->level);
}

} // namespace
