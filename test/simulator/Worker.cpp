//===- Worker.cpp ---------------------------------------------------------===//

#include "Worker.h"

using namespace tez::simulator;
using namespace tez::worker;
using tez::service::Blueprint;
using Answer = Breaker::Answer;

static constexpr Backoff polling{Milliseconds(100), Milliseconds(5000)};
static constexpr Backoff between{Milliseconds(250), Milliseconds(5000)};
static constexpr unsigned mostAttempts = 5;

bool tez::simulator::isBad(const std::string &id) { return id.starts_with("bad"); }
bool tez::simulator::isPoison(const std::string &id) { return id.starts_with("poison"); }

void Worker::later(int64_t delay, Step step) {
  world.after(delay, [this, step = std::move(step), mine = life] {
    if (mine != life)
      return;
    if (world.now < asleepUntil)
      return later(asleepUntil - world.now, step);
    step();
  });
}

Worker::Step Worker::alive(Step action) {
  return [this, action = std::move(action), mine = life] {
    if (mine == life)
      later(std::max<int64_t>(asleepUntil - world.now, 0), action);
  };
}

Registry::Answered Worker::alive(std::function<void(const Reply &)> action) {
  return [this, action = std::move(action), mine = life](const Reply &reply) {
    if (mine == life)
      later(std::max<int64_t>(asleepUntil - world.now, 0), [action, reply] { action(reply); });
  };
}

void Worker::start() {
  ++life;
  held.reset();
  asleepUntil = 0;
  ofRegistry = std::make_unique<WatchedBreaker>(world);
  ofStore = std::make_unique<WatchedBreaker>(world);
  later(world.between(0, 100), [this] { poll(); });
}

void Worker::kill() {
  ++life;
  world.after(world.between(0, 5000), [this, mine = life] {
    if (mine == life)
      start();
  });
}

void Worker::sleep() { asleepUntil = world.now + world.between(1000, 2 * lease); }

void Worker::guarded(WatchedBreaker &breaker, const bool &away, const Step &go,
                     const Step &refused) {
  switch (breaker.ask()) {
  case Answer::Go:
    return go();
  case Answer::Wait:
    return refused();
  case Answer::CheckHealth:
    bool well = !away;
    later(world.between(1, 50), [&breaker, well, go, refused] {
      breaker.checked(well);
      well ? go() : refused();
    });
  }
}

void Worker::poll() {
  auto again = [this] { later(between.delay(2, world.chance()).count(), [this] { poll(); }); };
  guarded(
      *ofRegistry, registry.away,
      [this, again] {
        registry.claim("w" + std::to_string(number) + "." + std::to_string(life), lease,
                       alive([this](const Reply &reply) {
                         ofRegistry->succeeded();
                         if (!reply.rows.empty())
                           return work(reply.rows[0]);
                         later(polling.delay(++idle, world.chance()).count(), [this] { poll(); });
                       }),
                       alive([this, again] {
                         ofRegistry->failed();
                         again();
                       }));
      },
      again);
}

void Worker::work(const Blueprint &claimed) {
  idle = 0;
  lost = false;
  held = {claimed.id, *claimed.worker, claimed.fence};
  beat(claimed.fence);
  if (registry.hasKernel(claimed.id) && objects.sidecars.contains(claimed.id))
    return finish("validated", 0);
  compile();
}

void Worker::beat(int64_t fence) {
  later(lease / 3, [this, fence] {
    if (!held || held->fence != fence)
      return;
    registry.keep(*held, lease, alive([this, fence](const Reply &reply) {
      lost |= reply.refused && held && held->fence == fence;
    }),
                  [] {});
    beat(fence);
  });
}

void Worker::compile() {
  later(200 + world.exponential(8000), [this] {
    if (lost)
      return giveBack(false);
    if (isPoison(held->id) || world.happens(crashes))
      return giveBack(true);
    if (isBad(held->id))
      return finish("invalid", 0);
    publish(0);
  });
}

/// The file, then its metadata; a worker may die between the two.
void Worker::putObject(const Step &done, const Step &unavailable) {
  later(world.between(5, 200), [this, done, unavailable] {
    if (objects.away)
      return unavailable();
    objects.files.insert(held->id);
    later(world.between(5, 200), [this, done, unavailable] {
      if (objects.away)
        return unavailable();
      objects.sidecars.insert(held->id);
      done();
    });
  });
}

void Worker::publish(unsigned failures) {
  if (failures >= mostAttempts)
    return giveBack(false);
  auto again = [this, failures] {
    later(between.delay(failures + 1, world.chance()).count(),
          [this, failures] { publish(failures + 1); });
  };
  auto posted = [this, again] {
    ofStore->succeeded();
    registry.postKernel(held->id, alive([this](const Reply &) { finish("validated", 0); }),
                        alive([this, again] {
                          ofRegistry->failed();
                          again();
                        }));
  };
  guarded(
      *ofStore, objects.away,
      [=, this] {
        putObject(posted, [this, again] {
          ofStore->failed();
          again();
        });
      },
      again);
}

void Worker::finish(const std::string &status, unsigned failures) {
  if (failures >= mostAttempts)
    return giveBack(false);
  registry.complete(*held, status, alive([this](const Reply &reply) {
    ofRegistry->succeeded();
    reply.refused ? giveBack(true) : rest(); // as Lane does with Refused
  }),
                    alive([this, status, failures] {
                      ofRegistry->failed();
                      later(between.delay(failures + 1, world.chance()).count(),
                            [=, this] { finish(status, failures + 1); });
                    }));
}

void Worker::giveBack(bool reason) {
  registry.release(*held, reason, alive([this](const Reply &) { rest(); }),
                   alive([this] { rest(); }));
}

void Worker::rest() {
  held.reset();
  later(1, [this] { poll(); });
}
