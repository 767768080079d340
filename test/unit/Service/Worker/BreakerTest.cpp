//===- BreakerTest.cpp ----------------------------------------------------===//

#include "tez/Service/Worker/Breaker.h"
#include <gtest/gtest.h>

using namespace tez::worker;
using State = Breaker::State;
using Answer = Breaker::Answer;

namespace {
enum class Event { Ask, Fail, Succeed, Well, Ill };

struct Step {
  int second;
  Event event;
  State after;
  Answer answer = Answer::Go; ///< to Ask
};

class Breakers : public ::testing::TestWithParam<std::vector<Step>> {};
} // namespace

static Breaker::Time at(int second) { return Breaker::Time(std::chrono::seconds(1000 + second)); }

TEST_P(Breakers, FollowTheTable) {
  Breaker breaker;
  int row = 0;
  for (const Step &step : GetParam()) {
    SCOPED_TRACE("row " + std::to_string(row++));
    switch (step.event) {
    case Event::Ask:
      EXPECT_EQ(breaker.ask(at(step.second)), step.answer);
      break;
    case Event::Fail:
      breaker.failed(at(step.second));
      break;
    case Event::Succeed:
      breaker.succeeded();
      break;
    case Event::Well:
    case Event::Ill:
      breaker.checked(step.event == Event::Well, at(step.second));
    }
    EXPECT_EQ(breaker.state(), step.after);
  }
}

static const std::vector<Step> opensAfterThreeInARow = {
    {0, Event::Fail, State::Closed},
    {0, Event::Fail, State::Closed},
    {0, Event::Succeed, State::Closed}, // begins anew
    {1, Event::Fail, State::Closed},
    {1, Event::Fail, State::Closed},
    {1, Event::Ask, State::Closed},
    {2, Event::Fail, State::Open},
    {2, Event::Ask, State::Open, Answer::Wait},
};

static const std::vector<Step> isCheckedByOneAfter45Seconds = {
    {0, Event::Fail, State::Closed},
    {0, Event::Fail, State::Closed},
    {0, Event::Fail, State::Open},
    {44, Event::Ask, State::Open, Answer::Wait},
    {45, Event::Ask, State::Checking, Answer::CheckHealth},
    {45, Event::Ask, State::Checking, Answer::Wait},
    {46, Event::Ill, State::Open},
    {90, Event::Ask, State::Open, Answer::Wait}, // 45 s from the check on
    {91, Event::Ask, State::Checking, Answer::CheckHealth},
    {91, Event::Well, State::HalfOpen},
    {91, Event::Ask, State::HalfOpen},
    {91, Event::Succeed, State::HalfOpen},
    {91, Event::Succeed, State::Closed},
    {92, Event::Fail, State::Closed},
};

static const std::vector<Step> halfOpenEndsWithOneFailure = {
    {0, Event::Fail, State::Closed},    {0, Event::Fail, State::Closed},
    {0, Event::Fail, State::Open},      {45, Event::Ask, State::Checking, Answer::CheckHealth},
    {45, Event::Well, State::HalfOpen}, {46, Event::Succeed, State::HalfOpen},
    {46, Event::Fail, State::Open},     {90, Event::Ask, State::Open, Answer::Wait},
};

static const std::vector<Step> lateAnswersSayNothing = {
    {0, Event::Fail, State::Closed},
    {0, Event::Fail, State::Closed},
    {0, Event::Fail, State::Open},
    {1, Event::Succeed, State::Open},
    {1, Event::Succeed, State::Open},
    {40, Event::Fail, State::Open},
    {41, Event::Well, State::Open}, // nobody was told to check
    {45, Event::Ask, State::Checking, Answer::CheckHealth},
    {45, Event::Succeed, State::Checking},
    {45, Event::Fail, State::Checking},
};

INSTANTIATE_TEST_SUITE_P(All, Breakers,
                         ::testing::Values(opensAfterThreeInARow, isCheckedByOneAfter45Seconds,
                                           halfOpenEndsWithOneFailure, lateAnswersSayNothing));

TEST(Guarded, LeavesADependencyAlone) {
  int calls = 0, checks = 0;
  bool well = false;
  Guarded guarded("store",
                  [&] {
                    ++checks;
                    return well;
                  },
                  {.failures = 3, .open = Milliseconds(0), .successes = 2});
  auto fails = [&] {
    ++calls;
    throw Unavailable("no");
  };
  for (int i = 0; i < 5; ++i)
    EXPECT_THROW(guarded.run(fails), Unavailable);
  EXPECT_EQ(calls, 3); // then it is open, and the check says no
  EXPECT_EQ(checks, 2);
  well = true;
  guarded.run([&] { ++calls; });
  EXPECT_EQ(calls, 4);
  EXPECT_FALSE(guarded.isOpen());
}

TEST(Guarded, OtherFaultsAreAnswers) {
  Guarded guarded("registry", [] { return false; });
  for (int i = 0; i < 9; ++i)
    EXPECT_THROW(guarded.run([] { throw std::logic_error("no"); }), std::logic_error);
  EXPECT_FALSE(guarded.isOpen());
}
