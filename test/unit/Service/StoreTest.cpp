//===- StoreTest.cpp - Blueprints, kernels, tokens, migrations ------------===//

#include "Scratch.h"
#include <fstream>
#include <thread>

using namespace tez::service;

namespace {
class Stored : public Scratch {
protected:
  static NewKernel kernel(const char *report = R"({"ok": true, "n": 1})") {
    return {"k", "a", "validated", "standard", "file:///k.pt", report};
  }
};
} // namespace

TEST_F(Stored, ABlueprintComesBackAsItWas) {
  std::string text = "{\"type\": \"linear\"}\n\xE2\x82\xAC";
  auto posted = store->createBlueprint({"a", text, R"({"big": 123456789012345678901234567890})"});
  EXPECT_TRUE(posted.created);
  open();
  Blueprint there = store->blueprint("a").value();
  EXPECT_EQ(there.architectureIr, text);
  EXPECT_EQ(there.metadata, R"({"big": 123456789012345678901234567890})");
  EXPECT_EQ(there.status, "unvalidated");
  EXPECT_EQ(there.createdAt, posted.record.createdAt);
  EXPECT_FALSE(store->blueprint("b").has_value());
}

TEST_F(Stored, PostingABlueprintTwice) {
  store->createBlueprint({"a", "text", R"({"x": 1, "y": [2]})"});
  EXPECT_FALSE(store->createBlueprint({"a", "text", R"({"y":[2],"x":1})"}).created);
  EXPECT_EQ(why([&] { store->createBlueprint({"a", "other", R"({"x": 1, "y": [2]})"}); }),
            "blueprint \"a\" is there already, with another architecture_ir");
  EXPECT_EQ(why([&] { store->createBlueprint({"a", "text", {}}); }),
            "blueprint \"a\" is there already, with another metadata");
}

TEST_F(Stored, PostingAKernelTwice) {
  post({"a"});
  Kernel first = store->postKernel(kernel()).record;
  auto again = store->postKernel(kernel(R"({"n":1,"ok":true})"));
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.record.seq, first.seq);
  NewKernel other = kernel(R"({"ok": false})");
  other.status = "testing";
  EXPECT_EQ(why([&] { store->postKernel(other); }),
            "kernel \"k\" is there already, with another status, validation_report");
  EXPECT_EQ(store->kernel("k")->report, kernel().report);
}

TEST_F(Stored, AKernelNeedsItsBlueprint) {
  EXPECT_EQ(why([&] { store->postKernel(kernel()); }), "blueprint_id: there is no blueprint \"a\"");
  EXPECT_FALSE(store->kernel("k").has_value());
}

TEST_F(Stored, PagesHoldEachRecordOnce) {
  for (int i = 0; i < 25; ++i)
    store->createBlueprint({"b" + std::to_string(i), "{}", {}});
  store->setStatus("b3", "invalid");
  std::vector<std::string> ids;
  BlueprintQuery query{.status = "unvalidated", .limit = 7};
  int pages = 0;
  for (std::optional<int64_t> next = 0; next; ++pages) {
    query.after = *next;
    Page<Blueprint> page = store->blueprints(query);
    for (const Blueprint &it : page.records)
      ids.push_back(it.id);
    next = page.next;
  }
  EXPECT_EQ(pages, 4);
  ASSERT_EQ(ids.size(), 24u);
  EXPECT_EQ(ids[2], "b2");
  EXPECT_EQ(ids[3], "b4");
}

TEST_F(Stored, APageOfLargeRecordsIsShorter) {
  for (const char *id : {"a", "b", "c"})
    store->createBlueprint({id, std::string(20 << 20, 'x'), {}});
  Page<Blueprint> page = store->blueprints({});
  EXPECT_EQ(page.records.size(), 1u);
  ASSERT_TRUE(page.next.has_value());
  EXPECT_EQ(store->blueprints({.after = *page.next}).records.at(0).id, "b");
}

TEST_F(Stored, KernelsOfOneBlueprint) {
  post({"a", "b"});
  for (int i = 0; i < 4; ++i)
    store->postKernel({"k" + std::to_string(i), i % 2 ? "b" : "a", "testing", "fast", "x", "{}"});
  EXPECT_EQ(store->kernels({}).records.size(), 4u);
  auto of = store->kernels({.blueprintId = "b", .limit = 1});
  EXPECT_EQ(of.records.at(0).id, "k1");
  EXPECT_EQ(store->kernels({.blueprintId = "b", .after = of.next.value()}).records.at(0).id, "k3");
}

TEST_F(Stored, TheOverviewCounts) {
  post({"a", "b"});
  claimOne();
  store->postKernel(kernel());
  Overview view = store->overview();
  EXPECT_EQ(view.counts.at(0).blueprints, 1);
  EXPECT_EQ(view.counts.at(1).blueprints, 1);
  EXPECT_EQ(view.kernels, 1);
  EXPECT_EQ(view.oldestCreatedAt, store->blueprint("b")->createdAt);
}

TEST_F(Stored, Tokens) {
  store->addToken({"ci", "designer", "abc", 0, 77});
  EXPECT_EQ(why([&] { store->addToken({"ci", "admin", "def", 0, {}}); }),
            "there is a token \"ci\" already");
  auto tokens = store->tokens();
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens[0].role, "designer");
  EXPECT_EQ(tokens[0].expiresAt, 77);
  store->removeToken("ci");
  EXPECT_EQ(why([&] { store->removeToken("ci"); }), "there is no token \"ci\"");
}

TEST_F(Stored, OneFaultOfManyWritersIsItsOwn) {
  std::vector<std::thread> threads;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int j = 0; j < 25; ++j)
        try {
          store->createBlueprint({"b" + std::to_string(j), "text of " + std::to_string(i), {}});
        } catch (const Refusal &) {
          ++refused;
        }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(refused, 7 * 25);
  EXPECT_EQ(store->overview().counts.at(0).blueprints, 25);
}

static std::string whyNot(const std::string &path) {
  try {
    openSqlite(path);
  } catch (const DatabaseError &error) {
    return error.what();
  }
  return "it was opened";
}

TEST_F(Stored, ANewerSchemaIsRefused) {
  {
    auto database = openSqlite(file());
    database->write([](Session &session) {
      session.script("INSERT INTO schema_migrations VALUES (999, '0999-later.sql', 'x', 0)");
    });
  }
  EXPECT_NE(whyNot(file()).find("schema version 999 (0999-later.sql), this program knows versions "
                                "up to"),
            std::string::npos)
      << whyNot(file());
}

TEST_F(Stored, AnOlderDatabaseIsBroughtUpToDate) {
  store->createBlueprint({"a", "text", {}});
  store.reset();
  {
    auto database = openSqlite(file());
    database->write([](Session &session) { // as version 1 left it
      session.script("ALTER TABLE blueprints DROP COLUMN traceparent; "
                     "ALTER TABLE kernels DROP COLUMN traceparent; "
                     "DELETE FROM schema_migrations WHERE version > 1");
    });
  }
  open();
  EXPECT_EQ(store->blueprint("a").value().architectureIr, "text");
  EXPECT_FALSE(store->blueprint("a")->traceparent);
  EXPECT_EQ(store->createBlueprint({"b", "text", {}, "00-trace"}).record.traceparent, "00-trace");
  EXPECT_EQ(store->claim({"w", 2}).at(1).traceparent, "00-trace");
  EXPECT_EQ(store->leases().at(1).traceparent, "00-trace");
}

TEST_F(Stored, ATraceIsNoPartOfTheContent) {
  EXPECT_TRUE(store->createBlueprint({"a", "text", {}, "00-first"}).created);
  auto again = store->createBlueprint({"a", "text", {}, "00-second"});
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.record.traceparent, "00-first");
  NewKernel posted = kernel();
  posted.traceparent = "00-first";
  EXPECT_EQ(store->postKernel(posted).record.traceparent, "00-first");
  posted.traceparent = {};
  EXPECT_EQ(store->postKernel(posted).record.traceparent, "00-first");
}

TEST_F(Stored, AChangedMigrationIsRefused) {
  {
    auto database = openSqlite(file());
    database->write([](Session &session) {
      session.script("UPDATE schema_migrations SET checksum = 'x' WHERE version = 1");
    });
  }
  EXPECT_NE(whyNot(file()).find("was made by another 0001-registry.sql"), std::string::npos);
}

TEST_F(Stored, OtherFilesAreLeftAlone) {
  std::string text = folder + "/notes.txt", other = folder + "/other.db";
  std::ofstream(text) << std::string(5000, 'n');
  EXPECT_EQ(whyNot(text), text + ": file is not a database");
  std::ifstream back(text);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(back), {}), std::string(5000, 'n'));
  EXPECT_EQ(whyNot(folder + "/no/such.db"), folder + "/no/such.db: unable to open database file");
}
