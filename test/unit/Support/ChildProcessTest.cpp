//===- ChildProcessTest.cpp -----------------------------------------------===//

#include "tez/Support/ChildProcess.h"
#include "gtest/gtest.h"
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <unistd.h>

using namespace tez;

namespace {

[[noreturn]] void sleepForGood() {
  for (;;)
    std::this_thread::sleep_for(std::chrono::hours(1));
}

TEST(RunInChild, AnswersWithBytes) {
  std::string all(70000, 'x'); // more than a pipe holds
  all[5] = 0;
  ChildEnd end = runInChild([&] { return all; }, {});
  EXPECT_EQ(end.kind, ChildEnd::Done);
  EXPECT_EQ(end.output, all);
}

TEST(RunInChild, TellsHowItEnded) {
  ChildEnd crashed = runInChild([]() -> std::string { std::abort(); }, {});
  EXPECT_EQ(crashed.kind, ChildEnd::Crashed);
  EXPECT_EQ(crashed.signal, SIGABRT);
  EXPECT_EQ(runInChild([]() -> std::string { sleepForGood(); }, {.wallSeconds = 1}).kind,
            ChildEnd::OutOfTime);
  EXPECT_EQ(runInChild([]() -> std::string { throw std::bad_alloc(); }, {}).kind,
            ChildEnd::OutOfMemory);
  EXPECT_EQ(runInChild([] { return std::string(9, 'x'); }, {.mostOutput = 8}).kind,
            ChildEnd::TooMuchOutput);
}

/// Counts its requests; does what some of them ask for.
struct Counter {
  int begun = 0, asked = 0;

  std::string operator()(llvm::StringRef request) {
    ++asked;
    if (request == "abort")
      std::abort();
    if (request == "sleep")
      sleepForGood();
    if (request == "memory") { // as a call: what `new` makes may be left out
      ::operator delete(::operator new(size_t(1) << 30));
      return "had";
    }
    return request.str() + " " + std::to_string(begun) + " " + std::to_string(asked);
  }
};

class Serving : public testing::Test {
protected:
  Counter counter;
  ServingChild child{std::ref(counter), [this] { ++counter.begun; }};

  void expectAnswer(llvm::StringRef request, const std::string &expected) {
    ChildEnd end = child.ask(request, {});
    EXPECT_EQ(end.kind, ChildEnd::Done);
    EXPECT_EQ(end.output, expected);
  }
};

TEST_F(Serving, OneProcessAnswersAll) {
  expectAnswer("a", "a 1 1");
  expectAnswer("", " 1 2");
  std::string large(1 << 20, 'y');
  expectAnswer(large, large + " 1 3");
  EXPECT_EQ(counter.asked, 0); // here
}

TEST_F(Serving, ACrashIsToldAndIsTheEnd) {
  ChildEnd end = child.ask("abort", {});
  EXPECT_EQ(end.kind, ChildEnd::Crashed);
  EXPECT_EQ(end.signal, SIGABRT);
  EXPECT_EQ(child.ask("a", {}).kind, ChildEnd::NotBorn);
}

TEST_F(Serving, LimitsAreThoseOfTheRequest) {
  EXPECT_EQ(child.ask("memory", {.memory = uint64_t(4) << 30}).output, "had");
  expectAnswer("a", "a 1 2"); // the limit of time is over with its request
  EXPECT_EQ(child.ask("memory", {.memory = uint64_t(1) << 26}).kind, ChildEnd::OutOfMemory);
}

TEST_F(Serving, TimeRunsOutAndTheCallerGoesOn) {
  EXPECT_EQ(child.ask("sleep", {.wallSeconds = 1}).kind, ChildEnd::OutOfTime);
}

TEST_F(Serving, TooLongAnAnswerIsNotTaken) {
  EXPECT_EQ(child.ask(std::string(100, 'x'), {.mostOutput = 10}).kind, ChildEnd::TooMuchOutput);
  EXPECT_EQ(child.ask("a", {}).kind, ChildEnd::NotBorn);
}

TEST(ServingChildOfADeadParent, DiesToo) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  // The grandchild holds the pipe open for as long as it lives.
  ChildEnd parent = runInChild(
      [&]() -> std::string {
        Counter counter;
        ServingChild child(std::ref(counter), [] {});
        child.ask("a", {});
        ::_exit(0); // without a destructor
      },
      {});
  EXPECT_EQ(parent.kind, ChildEnd::Done);
  ::close(ends[1]);
  char byte;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0); // waits for it
  ::close(ends[0]);
}

} // namespace
