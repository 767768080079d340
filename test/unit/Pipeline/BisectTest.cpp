//===- BisectTest.cpp - Which rewrites are to blame -----------------------===//

#include "tez/Pipeline/Bisect.h"
#include "gtest/gtest.h"
#include <set>

using namespace tez;

namespace {

using Numbers = std::set<unsigned>;

RewriteList listOf(unsigned count) {
  RewriteList list(count);
  for (unsigned i = 0; i < count; ++i)
    list[i].number = i + 1;
  return list;
}

Numbers numbersOf(const RewriteList &list) {
  Numbers numbers;
  for (const AppliedRewrite &rewrite : list)
    numbers.insert(rewrite.number);
  return numbers;
}

/// Bad when all of `guilty` are there.
Numbers culpritsAmong(unsigned count, const Numbers &guilty, unsigned *runs = nullptr) {
  Culprits found = bisect(listOf(count), [&](const RewriteList &only) {
    if (runs)
      ++*runs;
    Numbers there = numbersOf(only);
    return std::includes(there.begin(), there.end(), guilty.begin(), guilty.end());
  });
  EXPECT_EQ(found.prefix, *guilty.rbegin());
  return numbersOf(found.set);
}

TEST(Bisect, OneCulpritWhereverItStands) {
  for (unsigned count = 1; count <= 17; ++count)
    for (unsigned guilty = 1; guilty <= count; ++guilty)
      EXPECT_EQ(culpritsAmong(count, {guilty}), Numbers{guilty}) << "of " << count;
}

TEST(Bisect, OneOfManyTakesFewRuns) {
  unsigned runs = 0;
  EXPECT_EQ(culpritsAmong(1000, {777}, &runs), Numbers{777});
  EXPECT_LE(runs, 11u);
}

TEST(Bisect, SeveralThatAreBadOnlyTogether) {
  for (unsigned first = 1; first <= 9; ++first)
    for (unsigned second = 1; second <= 9; ++second)
      EXPECT_EQ(culpritsAmong(9, {first, second}), (Numbers{first, second}));
  EXPECT_EQ(culpritsAmong(100, {3, 50, 51, 99}), (Numbers{3, 50, 51, 99}));
}

TEST(Bisect, BadnessThatGoesAwayAgain) {
  // Bad from 2 on, good with 5, bad with 8: whichever is found, it is bad and needs all it has.
  auto isBad = [](const RewriteList &only) {
    Numbers there = numbersOf(only);
    return (there.count(2) && !there.count(5)) || there.count(8);
  };
  Culprits found = bisect(listOf(9), isBad);
  EXPECT_TRUE(isBad(found.set));
  EXPECT_EQ(found.set.size(), 1u);
}

} // namespace
