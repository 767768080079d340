//===- Store.h - The registry's state and what may be done to it -*- C++ -*-===//
//
// Every call is one transaction: when it returns, its effect is on disk; when it
// throws, there is none. Calls may come twice (the answer was lost): creating,
// posting, completing and releasing answer the second time as they did the first.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_SERVICE_STORE_H
#define TEZ_SERVICE_STORE_H

#include "tez/Service/Database.h"
#include "tez/Service/Records.h"

namespace tez::service {

struct BlueprintQuery {
  std::optional<std::string> status = {};
  bool deadLettersOnly = false;
  int64_t after = 0; ///< a page's `next`
  int64_t limit = 100;
};

struct KernelQuery {
  std::optional<std::string> blueprintId = {};
  int64_t after = 0;
  int64_t limit = 100;
};

struct ClaimRequest {
  std::string worker;
  int64_t limit = 1;
  int64_t leaseMilliseconds = 30'000;
};

/// What a worker shows to prove that a blueprint is its own.
struct Lease {
  std::string id, worker;
  int64_t fence = 0;
};

/// What the queue looks like from outside.
struct Overview {
  struct Count {
    std::string status;
    int64_t blueprints;
  };
  std::vector<Count> counts;
  int64_t deadLetters = 0;
  int64_t kernels = 0;
  std::optional<int64_t> oldestCreatedAt; ///< of those unvalidated
  int64_t now = 0;
  std::vector<Blueprint> waiting; ///< the oldest, without their texts
  std::vector<Blueprint> newest;  ///< the same
  std::vector<Kernel> newestKernels;
};

struct LiveLease {
  std::string id, worker;
  int64_t fence, tries, millisecondsLeft, since;
  std::optional<std::string> traceparent; ///< the blueprint's
};

/// For any number of threads.
class Store {
public:
  /// After so many tries without an end a blueprint is a dead letter.
  static constexpr int64_t mostTries = 5;

  /// `firstWait` draws how many milliseconds a blueprint waits after its first
  /// failure; a simulation draws it by its seed.
  explicit Store(std::unique_ptr<Database> database, std::function<int64_t()> firstWait = nullptr);

  Posted<Blueprint> createBlueprint(const NewBlueprint &blueprint);
  std::optional<Blueprint> blueprint(const std::string &id);
  Page<Blueprint> blueprints(const BlueprintQuery &query);

  /// Without a lease, as workers of the older registry do it. Refused while
  /// somebody holds one. `compiling` lasts for 30 s, then it counts as abandoned.
  Blueprint setStatus(const std::string &id, const std::string &status);

  /// The oldest that are free; each belongs to the worker until its lease ends.
  std::vector<Blueprint> claim(const ClaimRequest &request);
  // Refused when the lease has ended, whether or not somebody has taken over.
  Blueprint heartbeat(const Lease &lease, int64_t leaseMilliseconds);
  /// Without a reason nothing happened: the try does not count. With one the
  /// blueprint is tried again later, or becomes a dead letter.
  Blueprint release(const Lease &lease, const std::optional<std::string> &reason);
  Blueprint complete(const Lease &lease, const std::string &status,
                     const std::optional<std::string> &reason);
  std::vector<LiveLease> leases();
  /// How many blueprints could be claimed now; counts up to `most`.
  int64_t claimable(int64_t most);
  /// `one`: by a call of this store a blueprint has become free to claim; `some`, by a thread
  /// of the database's: by another program some may have. Hints: a blueprint also becomes free by
  /// the time that passes. Empty: nobody listens any more. Before and after all other calls.
  void whenFree(std::function<void()> one, std::function<void()> some);
  /// Puts back whose lease has ended. claim() does so first; the server every second.
  void sweep();

  Posted<Kernel> postKernel(const NewKernel &kernel);
  std::optional<Kernel> kernel(const std::string &id);
  Page<Kernel> kernels(const KernelQuery &query);

  std::vector<Token> tokens();
  void addToken(const Token &token);
  void removeToken(const std::string &name);

  Overview overview();

private:
  Blueprint leased(Session &session, const Lease &lease, std::vector<Row> changed,
                   const std::string &endedAs);

  void announceOne();

  std::unique_ptr<Database> database;
  std::function<int64_t()> firstWait;
  std::function<void()> oneIsFree;
  std::string claimSql, sweepSql; ///< with the database's own words in them
};

} // namespace tez::service

#endif // TEZ_SERVICE_STORE_H
