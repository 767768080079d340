//===- RetryTest.cpp ------------------------------------------------------===//

#include "tez/Service/Worker/Retry.h"
#include <gtest/gtest.h>

using namespace tez::worker;

static constexpr Backoff quick{Milliseconds(1), Milliseconds(2)};

TEST(Backoff, DoublesUpToItsMost) {
  Backoff backoff{Milliseconds(100), Milliseconds(1000)};
  int64_t expected[] = {100, 200, 400, 800, 1000, 1000};
  for (unsigned i = 0; i < 6; ++i)
    EXPECT_EQ(backoff.delay(i + 1, 0.5).count(), expected[i]);
  EXPECT_EQ(backoff.delay(1, 0).count(), 75);
  EXPECT_EQ(backoff.delay(1, 1).count(), 125);
  EXPECT_EQ(backoff.delay(4'000'000'000, 0.5).count(), 1000);
}

TEST(Retry, GoesOnUntilItPasses) {
  int calls = 0;
  retry(5, quick, Stop(), [&] {
    if (++calls < 4)
      throw Unavailable("not yet");
  });
  EXPECT_EQ(calls, 4);
}

TEST(Retry, EndsWithTheLastFault) {
  int calls = 0;
  auto fails = [&] { throw Unavailable(std::to_string(++calls)); };
  try {
    retry(3, quick, Stop(), fails);
    FAIL();
  } catch (const Unavailable &fault) {
    EXPECT_STREQ(fault.what(), "3");
  }
}

TEST(Retry, DoesNotRepeatWhatStaysWrong) {
  int calls = 0;
  auto fails = [&] {
    ++calls;
    throw std::logic_error("wrong");
  };
  EXPECT_THROW(retry(5, quick, Stop(), fails), std::logic_error);
  EXPECT_EQ(calls, 1);
}

TEST(Retry, EndsWhenTheEndIsAskedFor) {
  Stop stop;
  stop.ask();
  int calls = 0;
  auto fails = [&] {
    ++calls;
    throw Unavailable("no");
  };
  EXPECT_THROW(retry(5, {Milliseconds(3'600'000), Milliseconds(3'600'000)}, stop, fails),
               Unavailable);
  EXPECT_EQ(calls, 1);
}
