//===- Breaker.cpp --------------------------------------------------------===//

#include "tez/Service/Worker/Breaker.h"
#include "Log.h"

using namespace tez::worker;
using Clock = std::chrono::steady_clock;

Breaker::Answer Breaker::ask(Time now) {
  if (current == State::Closed || current == State::HalfOpen)
    return Answer::Go;
  if (current == State::Checking || now < openUntil)
    return Answer::Wait;
  current = State::Checking;
  return Answer::CheckHealth;
}

void Breaker::openAt(Time now) {
  current = State::Open;
  openUntil = now + options.open;
  count = 0;
}

void Breaker::checked(bool healthy, Time now) {
  if (current != State::Checking)
    return;
  if (!healthy)
    return openAt(now);
  current = State::HalfOpen;
  count = 0;
}

// What comes back while it is open was asked before, and says nothing of now.
void Breaker::succeeded() {
  if (current == State::Closed)
    count = 0;
  else if (current == State::HalfOpen && ++count >= options.successes) {
    current = State::Closed;
    count = 0;
  }
}

void Breaker::failed(Time now) {
  if (current == State::HalfOpen || (current == State::Closed && ++count >= options.failures))
    openAt(now);
}

static const char *nameOf(Breaker::State state) {
  static constexpr const char *names[] = {"closed", "open", "checking", "half open"};
  return names[int(state)];
}

template <typename Change> void Guarded::change(Change change) {
  std::lock_guard lock(mutex);
  Breaker::State before = breaker.state();
  change();
  if (breaker.state() != before)
    log("warning", "breaker", {{"of", name}, {"state", nameOf(breaker.state())}});
}

void Guarded::refuse() const {
  std::lock_guard lock(mutex);
  throw Unavailable("the " + name + " is left alone for a while, since it failed: " + lastFault);
}

void Guarded::enter() {
  Breaker::Answer answer{};
  change([&] { answer = breaker.ask(Clock::now()); });
  if (answer == Breaker::Answer::CheckHealth) {
    bool well = healthy();
    change([&] { breaker.checked(well, Clock::now()); });
    answer = well ? Breaker::Answer::Go : Breaker::Answer::Wait;
  }
  if (answer == Breaker::Answer::Wait)
    refuse();
}

void Guarded::run(const std::function<void()> &action) {
  enter();
  try {
    action();
  } catch (const Unavailable &fault) {
    change([&] {
      breaker.failed(Clock::now());
      lastFault = fault.what();
    });
    throw;
  } catch (...) {
    change([&] { breaker.succeeded(); });
    throw;
  }
  change([&] { breaker.succeeded(); });
}

Breaker::State Guarded::state() const {
  std::lock_guard lock(mutex);
  return breaker.state();
}
