//===- Sqlite.cpp - The default database: one file ------------------------===//

#include "Writer.h"
#include <ctime>
#include <fstream>

using namespace tez::service;
using namespace tez::service::sqlite;

static constexpr int64_t applicationId = 0x54455A52; // "TEZR", in the file's header

LeaseClock LeaseClock::system() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return int64_t(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
  };
  return {now, boot};
}

/// A file of another program is left as it is.
static void checkOwner(Connection &connection, const std::string &path) {
  int64_t owner = connection.run("PRAGMA application_id", {}).at(0).integer(0);
  int64_t tables = connection.run("SELECT count(*) FROM sqlite_schema", {}).at(0).integer(0);
  if (owner != applicationId && (owner != 0 || tables != 0))
    throw DatabaseError(path + ": is a database of another program, not a registry's");
}

/// Counts of the last boot mean nothing now: whoever held a lease then has its
/// full length again, whoever was to wait need not.
static void rebaseLeases(Session &session, const LeaseClock &clock) {
  auto boot = session.run("SELECT value FROM settings WHERE name = 'boot'", {});
  if (!boot.empty() && boot[0].text(0) == clock.boot)
    return;
  session.run("UPDATE blueprints SET lease_ends = lease_now() + lease_ms "
              "WHERE lease_ends IS NOT NULL",
              {});
  session.run("UPDATE blueprints SET available_at = 0 WHERE available_at <> 0", {});
  session.run("INSERT INTO settings VALUES ('boot', $1) "
              "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
              {clock.boot});
}

static std::unique_ptr<Connection> openWriter(const std::string &path, const LeaseClock &clock) {
  auto writer = std::make_unique<Connection>(path, clock, Connection::Use::Write);
  checkOwner(*writer, path);
  writer->run("PRAGMA journal_mode = WAL", {});
  writer->inTransaction("BEGIN IMMEDIATE", [&](Session &session) {
    migrate(session, "migrations/sqlite/");
    session.script("PRAGMA application_id = " + std::to_string(applicationId));
    rebaseLeases(session, clock);
  });
  return writer;
}

namespace {
class Sqlite : public Database {
public:
  Sqlite(const std::string &path, LeaseClock clock)
      : path(path), clock(std::move(clock)), writer(openWriter(path, this->clock)) {}

  void read(const Action &action) override;
  void write(const Action &action) override { writer.write(action); }
  std::string_view skipLocked() const override { return ""; } // there is but one writer

private:
  std::unique_ptr<Connection> takeReader();

  std::string path;
  LeaseClock clock;
  Writer writer;
  std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;
};
} // namespace

std::unique_ptr<Connection> Sqlite::takeReader() {
  {
    std::lock_guard lock(mutex);
    if (!idle.empty()) {
      auto reader = std::move(idle.back());
      idle.pop_back();
      return reader;
    }
  }
  return std::make_unique<Connection>(path, clock, Connection::Use::Read);
}

void Sqlite::read(const Action &action) {
  std::unique_ptr<Connection> reader = takeReader();
  reader->inTransaction("BEGIN", action);
  std::lock_guard lock(mutex);
  idle.push_back(std::move(reader));
}

std::unique_ptr<Database> tez::service::openSqlite(const std::string &path, LeaseClock clock) {
  return std::make_unique<Sqlite>(path, std::move(clock));
}
