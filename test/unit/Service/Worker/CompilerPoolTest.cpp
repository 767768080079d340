//===- CompilerPoolTest.cpp -----------------------------------------------===//

#include "CompilerPool.h"
#include <atomic>
#include <gtest/gtest.h>
#include <thread>

using namespace tez::worker;

/// No process is started until there is a job.
static constexpr const char *program = "/nowhere/tez";

TEST(CompilerPool, GivesAwayWhatWasTriedOnly) {
  CompilerPool pool(program, {}, 2);
  Stop stop;
  {
    auto first = pool.takeUntried(), second = pool.takeUntried();
    ASSERT_TRUE(first && second);
    EXPECT_NE(&**first, &**second);
    EXPECT_FALSE(pool.takeUntried());
    first->tried();
  }
  auto tried = pool.take(stop), untried = pool.takeUntried();
  ASSERT_TRUE(tried && untried);
  EXPECT_NE(&**tried, &**untried);
}

TEST(CompilerPool, OneCompilerHasOneUser) {
  CompilerPool pool(program, {}, 2);
  Stop stop;
  for (int i = 0; i < 2; ++i)
    pool.takeUntried()->tried();
  EXPECT_FALSE(pool.takeUntried());
  std::atomic<int> users = 0, most = 0, turns = 0;
  auto work = [&] {
    for (int i = 0; i < 200; ++i) {
      auto use = pool.take(stop);
      ASSERT_TRUE(use);
      int now = ++users, before = most;
      while (now > before && !most.compare_exchange_weak(before, now))
        ;
      std::this_thread::yield();
      --users;
      ++turns;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work);
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_LE(most, 2);
  EXPECT_EQ(turns, 800);
}

TEST(CompilerPool, WhoWaitsSeesTheEnd) {
  CompilerPool pool(program, {}, 1);
  Stop stop;
  auto held = pool.takeUntried();
  held->tried();
  bool got = true;
  std::thread waiting([&] { got = pool.take(stop).has_value(); });
  stop.ask();
  waiting.join();
  EXPECT_FALSE(got);
}
