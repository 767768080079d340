//===- Ledger.h - What the queue must answer --------------------*- C++ -*-===//
//
// A second queue, as simple as can be, that knows every call in the order in which it
// was served: what the store answers must be what it says.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TEST_SIMULATOR_LEDGER_H
#define TEZ_TEST_SIMULATOR_LEDGER_H

#include "World.h"
#include "tez/Service/Records.h"
#include <atomic>
#include <vector>

namespace tez::simulator {

/// How often something happened: a simulation in which it never does proves nothing.
struct Tally {
  std::atomic<uint64_t> claims = 0, endedLeases = 0, refusals = 0, repeats = 0, failures = 0,
                        deadLetters = 0;
};

class Ledger {
public:
  Ledger(const World &world, Tally &tally) : world(world), tally(tally) {}

  void posted(const std::string &id) { entries.emplace_back().id = id; }
  /// `got`: what a claim of one blueprint answered.
  void claimed(const std::string &worker, int64_t lease,
               const std::vector<service::Blueprint> &got);
  void kept(const std::string &id, const std::string &worker, int64_t fence, int64_t lease,
            bool accepted);
  /// `jitter`: the first wait, in milliseconds, when there was a reason.
  void released(const std::string &id, const std::string &worker, int64_t fence, bool reason,
                int64_t jitter, bool accepted);
  void completed(const std::string &id, const std::string &worker, int64_t fence,
                 const std::string &status, bool accepted);

  /// Who holds a lease that has ended loses it. Until then the row says that it is theirs,
  /// though no call with it is accepted any more.
  void sweep();

  /// What it must be now.
  void check(const service::Blueprint &there);

private:
  struct Entry {
    std::string id, status = "unvalidated", worker;
    int64_t fence = 0, tries = 0, ends = 0, availableAt = 0;
    bool deadLetter = false;
  };
  Entry &find(const std::string &id);
  void fail(Entry &entry) const; ///< a try ended badly
  bool isHeld(const Entry &entry, const std::string &worker, int64_t fence) const;
  void compare(const Entry &entry, const char *call, bool expected, bool accepted) const;

  const World &world;
  Tally &tally;
  std::vector<Entry> entries; ///< the oldest first
};

} // namespace tez::simulator

#endif // TEZ_TEST_SIMULATOR_LEDGER_H
