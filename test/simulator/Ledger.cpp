//===- Ledger.cpp ---------------------------------------------------------===//

#include "Ledger.h"
#include <algorithm>

using namespace tez::simulator;

static constexpr int64_t mostTries = 5; ///< docs/registry.md

Ledger::Entry &Ledger::find(const std::string &id) {
  for (Entry &entry : entries)
    if (entry.id == id)
      return entry;
  throw Violation("there is no blueprint " + id);
}

void Ledger::fail(Entry &entry) const {
  entry.worker.clear();
  entry.deadLetter = entry.tries >= mostTries;
  entry.status = entry.deadLetter ? "invalid" : "unvalidated";
  tally.deadLetters += entry.deadLetter;
  entry.availableAt = 0;
}

void Ledger::sweep() {
  for (Entry &entry : entries)
    if (!entry.worker.empty() && entry.ends <= world.now) {
      fail(entry);
      ++tally.endedLeases;
    }
}

bool Ledger::isHeld(const Entry &entry, const std::string &worker, int64_t fence) const {
  return entry.worker == worker && entry.fence == fence && entry.ends > world.now;
}

void Ledger::compare(const Entry &entry, const char *call, bool expected, bool accepted) const {
  if (expected != accepted)
    throw Violation(std::string(call) + " of " + entry.id + " was " +
                    (accepted ? "accepted" : "refused") + " with fence " +
                    std::to_string(entry.fence) + ", status " + entry.status + ", worker " +
                    (entry.worker.empty() ? "none" : entry.worker));
  tally.refusals += !accepted;
}

void Ledger::claimed(const std::string &worker, int64_t lease,
                     const std::vector<service::Blueprint> &got) {
  sweep();
  auto isFree = [&](const Entry &entry) {
    return entry.status == "unvalidated" && entry.availableAt <= world.now;
  };
  auto oldest = std::ranges::find_if(entries, isFree);
  std::string expected = oldest == entries.end() ? "none" : oldest->id;
  std::string found = got.empty() ? "none" : got[0].id;
  if (expected != found || got.size() > 1)
    throw Violation("a claim gave " + found + ", not " + expected);
  if (got.empty())
    return;
  if (got[0].fence != oldest->fence + 1 || got[0].tries != oldest->tries + 1)
    throw Violation("the claim of " + found + " has another fence or number of tries");
  oldest->worker = worker;
  oldest->status = "compiling";
  oldest->ends = world.now + lease;
  ++oldest->fence;
  ++tally.claims;
  ++oldest->tries;
}

void Ledger::kept(const std::string &id, const std::string &worker, int64_t fence, int64_t lease,
                  bool accepted) {
  Entry &entry = find(id);
  compare(entry, "the heartbeat", isHeld(entry, worker, fence), accepted);
  if (accepted)
    entry.ends = world.now + lease;
}

void Ledger::released(const std::string &id, const std::string &worker, int64_t fence, bool reason,
                      int64_t jitter, bool accepted) {
  Entry &entry = find(id);
  bool held = isHeld(entry, worker, fence);
  bool again = entry.fence == fence && entry.worker.empty() && entry.status == "unvalidated";
  compare(entry, "the release", held || again, accepted);
  tally.repeats += again;
  if (!held)
    return;
  if (!reason) {
    entry.worker.clear();
    entry.status = "unvalidated";
    entry.availableAt = 0;
    --entry.tries;
    return;
  }
  fail(entry);
  ++tally.failures;
  if (!entry.deadLetter)
    entry.availableAt = world.now + jitter * (int64_t(1) << (entry.tries - 1));
}

void Ledger::completed(const std::string &id, const std::string &worker, int64_t fence,
                       const std::string &status, bool accepted) {
  Entry &entry = find(id);
  bool held = isHeld(entry, worker, fence);
  bool again =
      entry.fence == fence && entry.worker.empty() && entry.status == status && !entry.deadLetter;
  compare(entry, "the completion", held || again, accepted);
  tally.repeats += again;
  if (!held)
    return;
  entry.worker.clear();
  entry.status = status;
}

void Ledger::check(const service::Blueprint &there) {
  Entry &entry = find(there.id);
  if (entry.status != there.status || entry.deadLetter != there.deadLetter ||
      entry.fence != there.fence || entry.tries != there.tries)
    throw Violation(there.id + " is " + there.status + ", not " + entry.status +
                    ", or its fence, its tries or dead_letter are others");
}
