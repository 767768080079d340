//===- Registry.cpp -------------------------------------------------------===//

#include "Registry.h"
#include <memory>

using namespace tez::simulator;
using namespace tez::service;

static constexpr int64_t timeout = 5000; ///< of the caller

Reply Registry::served(const std::function<Reply()> &serve) {
  try {
    return serve();
  } catch (const Refusal &) {
    return {.refused = true, .rows = {}};
  }
}

void Registry::call(std::function<Reply()> serve, Answered answered, Failed failed) {
  bool lost = world.happens(faults), answerLost = world.happens(faults);
  int64_t there = world.between(1, 20), back = world.between(1, 20);
  if (world.happens(faults)) // a stall, in which others overtake
    there += world.between(0, 20'000);
  if (world.happens(faults)) // sent again by something in between
    world.after(there + world.between(0, 10'000), [=, this] {
      if (!away)
        served(serve);
    });
  auto gaveUp = std::make_shared<bool>(false);
  auto done = std::make_shared<bool>(false);
  world.after(timeout, [=] {
    if (!*done) {
      *gaveUp = true;
      failed();
    }
  });
  if (lost)
    return;
  world.after(there, [=, this] {
    if (away)
      return;
    Reply reply = served(serve);
    if (!answerLost)
      world.after(back, [=] {
        if (!*gaveUp) {
          *done = true;
          answered(reply);
        }
      });
  });
}

void Registry::post(const std::string &id) {
  store.createBlueprint({id, "{}", {}});
  ledger.posted(id);
  ids.push_back(id);
}

void Registry::claim(const std::string &worker, int64_t lease, Answered answered, Failed failed) {
  auto serve = [=, this] {
    Reply reply{.refused = false, .rows = store.claim({worker, 1, lease})};
    ledger.claimed(worker, lease, reply.rows);
    return reply;
  };
  call(serve, std::move(answered), std::move(failed));
}

/// Runs `action`; tells `tell` whether it was accepted.
static Reply told(const std::function<Blueprint()> &action, const std::function<void(bool)> &tell) {
  Reply reply;
  try {
    reply.rows.push_back(action());
  } catch (const Refusal &) {
    reply.refused = true;
  }
  tell(!reply.refused);
  return reply;
}

void Registry::keep(const Lease &lease, int64_t length, Answered answered, Failed failed) {
  auto serve = [=, this] {
    return told([&] { return store.heartbeat(lease, length); },
                [&](bool good) { ledger.kept(lease.id, lease.worker, lease.fence, length, good); });
  };
  call(serve, std::move(answered), std::move(failed));
}

void Registry::release(const Lease &lease, bool reason, Answered answered, Failed failed) {
  auto serve = [=, this] {
    std::optional<std::string> why = reason ? std::optional<std::string>("a crash") : std::nullopt;
    return told([&] { return store.release(lease, why); },
                [&](bool good) {
                  ledger.released(lease.id, lease.worker, lease.fence, reason, jitter, good);
                });
  };
  call(serve, std::move(answered), std::move(failed));
}

static NewKernel rowOf(const std::string &id) {
  return {"k-" + id, id, "validated", "standard", "file:///" + id, "{}"};
}

void Registry::postKernel(const std::string &id, Answered answered, Failed failed) {
  auto serve = [=, this] {
    if (!objects.sidecars.contains(id) || !objects.files.contains(id))
      throw Violation("a row for " + id + ", whose object is not there");
    store.postKernel(rowOf(id));
    return Reply{};
  };
  call(serve, std::move(answered), std::move(failed));
}

bool Registry::hasKernel(const std::string &id) { return store.kernel("k-" + id).has_value(); }

void Registry::complete(const Lease &lease, const std::string &status, Answered answered,
                        Failed failed) {
  auto serve = [=, this] {
    Reply reply = told(
        [&] { return store.complete(lease, status, std::nullopt); },
        [&](bool good) { ledger.completed(lease.id, lease.worker, lease.fence, status, good); });
    if (!reply.refused && status == "validated" && !hasKernel(lease.id))
      throw Violation(lease.id + " is validated and has no kernel");
    return reply;
  };
  call(serve, std::move(answered), std::move(failed));
}

void Registry::sweep() {
  store.sweep();
  ledger.sweep();
}

std::vector<Blueprint> Registry::audit() {
  sweep();
  std::vector<Blueprint> all;
  for (const std::string &id : ids) {
    auto there = store.blueprint(id);
    if (!there)
      throw Violation(id + " is lost");
    ledger.check(*there);
    all.push_back(*there);
  }
  return all;
}
