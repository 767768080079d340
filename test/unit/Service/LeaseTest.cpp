//===- LeaseTest.cpp ------------------------------------------------------===//

#include "Scratch.h"
#include <set>
#include <thread>

using namespace tez::service;

namespace {
class Leases : public Scratch {};
} // namespace

TEST_F(Leases, GoToTheOldestFirst) {
  post({"b", "a", "c"});
  auto claimed = store->claim({"w", 2});
  ASSERT_EQ(claimed.size(), 2u);
  EXPECT_EQ(claimed[0].id, "b");
  EXPECT_EQ(claimed[1].id, "a");
  EXPECT_EQ(claimed[0].status, "compiling");
  EXPECT_EQ(claimed[0].fence, 1);
  EXPECT_EQ(claimed[0].tries, 1);
  EXPECT_EQ(claimOne("v").id, "c");
  EXPECT_TRUE(store->claim({"v"}).empty());
}

TEST_F(Leases, ABlueprintIsClaimedByOneOfMany) {
  for (int i = 0; i < 200; ++i)
    store->createBlueprint({"b" + std::to_string(i), "{}", {}});
  std::mutex mutex;
  std::multiset<std::string> ids;
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&, i] {
      for (auto got = store->claim({"w" + std::to_string(i)}); !got.empty();
           got = store->claim({"w" + std::to_string(i)})) {
        std::lock_guard lock(mutex);
        ids.insert(got[0].id);
      }
    });
  for (std::thread &worker : workers)
    worker.join();
  EXPECT_EQ(ids.size(), 200u);
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 200u);
}

TEST_F(Leases, WhoWaitsIsToldWhatComesFree) {
  int told = 0;
  store->whenFree([&] { ++told; }, {});
  post({"a", "b"});
  store->createBlueprint({"a", "{}", {}}); // the same once more
  EXPECT_EQ(told, 2);
  EXPECT_EQ(store->claimable(1), 1);
  EXPECT_EQ(store->claimable(10), 2);
  Lease lease = leaseOf(claimOne());
  EXPECT_EQ(store->claimable(10), 1);
  store->release(lease, {});
  EXPECT_EQ(told, 3);
  store->release(leaseOf(claimOne()), "a crash"); // free only later
  EXPECT_EQ(told, 3);
  EXPECT_EQ(store->claimable(10), 1);
  now += 1250;
  EXPECT_EQ(store->claimable(10), 2);
  store->setStatus("a", "invalid");
  store->setStatus("a", "unvalidated");
  EXPECT_EQ(told, 4);
}

TEST_F(Leases, EndAtTheirTimeAndNotBefore) {
  post({"a"});
  Lease lease = leaseOf(store->claim({"w", 1, 5000}).at(0));
  now += 4999;
  EXPECT_TRUE(store->claim({"v"}).empty());
  store->heartbeat(lease, 5000);
  now += 4999;
  EXPECT_TRUE(store->claim({"v"}).empty());
  now += 1;
  Blueprint again = claimOne("v");
  EXPECT_EQ(again.fence, lease.fence + 1);
  EXPECT_EQ(again.tries, 2);
  EXPECT_EQ(again.reason, "try 1: the lease of worker w ended");
}

TEST_F(Leases, AZombieIsRefusedEvenIfNobodyTookOver) {
  post({"a"});
  Lease lease = leaseOf(claimOne());
  now += 30'000;
  auto refused = [&] {
    EXPECT_THROW(store->heartbeat(lease, 1000), Refusal);
    EXPECT_THROW(store->complete(lease, "validated", {}), Refusal);
    EXPECT_THROW(store->release(lease, {}), Refusal);
  };
  refused();
  store->sweep();
  EXPECT_EQ(store->blueprint("a")->status, "unvalidated");
  EXPECT_THROW(store->complete(lease, "validated", {}), Refusal);
  Lease next = leaseOf(claimOne("v"));
  refused();
  EXPECT_EQ(why([&] { store->heartbeat(lease, 1000); }),
            "the lease of worker \"w\" with fence 1 on blueprint \"a\" is not in force: found "
            "compiling, fence 2, worker \"v\"");
  EXPECT_EQ(store->complete(next, "validated", {}).status, "validated");
}

TEST_F(Leases, CompletingTwiceIsCompletingOnce) {
  post({"a"});
  Lease lease = leaseOf(claimOne());
  EXPECT_EQ(store->complete(lease, "invalid", "no such layer").reason, "no such layer");
  EXPECT_EQ(store->complete(lease, "invalid", "no such layer").status, "invalid");
  EXPECT_THROW(store->complete(lease, "validated", {}), Refusal);
  EXPECT_FALSE(store->blueprint("a")->deadLetter);
}

TEST_F(Leases, GivenBackUntouchedTheTryDoesNotCount) {
  post({"a"});
  for (int i = 0; i < 20; ++i) {
    Lease lease = leaseOf(claimOne());
    EXPECT_EQ(store->release(lease, {}).tries, 0);
    EXPECT_EQ(store->release(lease, {}).status, "unvalidated"); // the call comes twice
  }
}

TEST_F(Leases, AFailedTryWaitsLongerEachTimeAndThenIsDead) {
  post({"a"});
  int64_t seconds = 1;
  for (int i = 1; i < Store::mostTries; ++i, seconds *= 2) {
    EXPECT_EQ(store->release(leaseOf(claimOne()), "the store is down").status, "unvalidated");
    now += seconds * 750 - 1;
    EXPECT_TRUE(store->claim({"w"}).empty());
    now += seconds * 500 + 1;
  }
  Blueprint dead = store->release(leaseOf(claimOne()), "the store is down");
  EXPECT_EQ(dead.status, "invalid");
  EXPECT_TRUE(dead.deadLetter);
  EXPECT_EQ(dead.reason, "try 5: the store is down");
  EXPECT_EQ(store->blueprints({.deadLettersOnly = true}).records.size(), 1u);
}

TEST_F(Leases, WhatKillsItsWorkersIsDeadAfterFive) {
  post({"poison", "good"});
  for (int i = 1; i <= Store::mostTries; ++i) {
    EXPECT_EQ(claimOne().id, "poison");
    now += 30'000;
  }
  EXPECT_EQ(claimOne().id, "good");
  Blueprint poison = store->blueprint("poison").value();
  EXPECT_EQ(poison.status, "invalid");
  EXPECT_TRUE(poison.deadLetter);
  EXPECT_EQ(poison.reason, "try 5: the lease of worker w ended");
  Blueprint again = store->setStatus("poison", "unvalidated");
  EXPECT_EQ(again.tries, 0);
  EXPECT_FALSE(again.deadLetter);
  EXPECT_FALSE(again.reason.has_value());
}

TEST_F(Leases, SurviveARestartOfTheRegistry) {
  post({"a"});
  Lease lease = leaseOf(claimOne());
  open();
  now += 29'999;
  EXPECT_TRUE(store->claim({"v"}).empty());
  EXPECT_EQ(store->complete(lease, "validated", {}).status, "validated");
}

TEST_F(Leases, HaveTheirFullLengthAgainAfterARestartOfTheMachine) {
  post({"a", "b"});
  Lease lease = leaseOf(claimOne());
  store->release(leaseOf(claimOne()), "not now");
  now = 5; // counts anew
  open("second");
  EXPECT_EQ(claimOne("v").id, "b"); // what was to wait does so no more
  now += 29'999;
  EXPECT_TRUE(store->claim({"v"}).empty());
  EXPECT_EQ(store->heartbeat(lease, 30'000).worker, "w");
}

/// A look at all that is compiling would make each claim dearer than the one before.
TEST_F(Leases, ThoseThatEndedAreFoundByTheirIndex) {
  auto database = openSqlite(file());
  database->read([](Session &session) {
    auto plan = session.run("EXPLAIN QUERY PLAN SELECT seq FROM blueprints "
                            "WHERE lease_ends <= (SELECT lease_now())",
                            {});
    EXPECT_NE(plan.at(0).text(3).find("INDEX blueprints_leases (lease_ends<?)"), std::string::npos)
        << plan.at(0).text(3);
  });
}

TEST_F(Leases, AreSeen) {
  post({"a"});
  claimOne("builder-7");
  now += 10'000;
  auto live = store->leases();
  ASSERT_EQ(live.size(), 1u);
  EXPECT_EQ(live[0].worker, "builder-7");
  EXPECT_EQ(live[0].millisecondsLeft, 20'000);
  now += 20'000;
  EXPECT_TRUE(store->leases().empty());
}

TEST_F(Leases, WithoutALeaseNobodySetsTheStatus) {
  post({"a"});
  Lease lease = leaseOf(claimOne());
  EXPECT_EQ(why([&] { store->setStatus("a", "validated"); }),
            "blueprint \"a\" is leased to worker \"w\": only that one may set its status");
  store->complete(lease, "validated", {});
  EXPECT_EQ(store->setStatus("a", "unvalidated").status, "unvalidated");
}

TEST_F(Leases, WorkersOfTheOlderRegistryLoseWhatTheyAbandon) {
  post({"a"});
  EXPECT_EQ(store->setStatus("a", "compiling").tries, 1);
  now += 20'000;
  EXPECT_EQ(store->setStatus("a", "compiling").tries, 1); // says that it is still at it
  now += 29'999;
  EXPECT_TRUE(store->claim({"v"}).empty());
  now += 1;
  EXPECT_EQ(claimOne("v").reason, "try 1: the lease of worker (unnamed) ended");
}
