//===- Postgres.cpp - The database of a fleet -----------------------------===//

#include "Connection.h"
#include "Hints.h"
#include "tez/Service/Records.h"
#include <mutex>

using namespace tez::service;
using namespace tez::service::postgres;

static constexpr int mostTries = 3; // of one transaction that met another, or lost its connection

namespace {
class Postgres : public Database {
public:
  explicit Postgres(const std::string &place) : place(place) {
    write([](Session &session) {
      session.script("SELECT pg_advisory_xact_lock(1415936594)"); // other registries start too
      migrate(session, "migrations/postgresql/");
    });
  }

  void read(const Action &action) override {
    withConnection([&](Connection &connection) { connection.read(action); });
  }
  void write(const Action &action) override {
    withConnection([&](Connection &connection) { connection.write(action); });
  }
  std::string_view skipLocked() const override { return "FOR UPDATE SKIP LOCKED"; }
  void announce() override {
    if (hints)
      hints->announce();
  }
  void listen(std::function<void()> heard) override {
    hints = heard ? std::make_unique<Hints>(place, std::move(heard)) : nullptr;
  }

private:
  using Work = std::function<void(Connection &)>;
  void withConnection(const Work &work);
  bool tryOnce(const Work &work, bool last);
  std::unique_ptr<Connection> take();

  std::string place;
  std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;
  std::unique_ptr<Hints> hints; ///< while somebody listens
};
} // namespace

std::unique_ptr<Connection> Postgres::take() {
  std::lock_guard lock(mutex);
  if (idle.empty())
    return std::make_unique<Connection>(place);
  auto connection = std::move(idle.back());
  idle.pop_back();
  return connection;
}

/// False: nothing was done, and it may go better next time. A connection that
/// had an error is given up.
bool Postgres::tryOnce(const Work &work, bool last) try {
  std::unique_ptr<Connection> connection = take();
  try {
    work(*connection);
  } catch (const Refusal &) {
    std::lock_guard lock(mutex);
    idle.push_back(std::move(connection));
    throw;
  }
  std::lock_guard lock(mutex);
  idle.push_back(std::move(connection));
  return true;
} catch (const pqxx::in_doubt_error &error) {
  throw DatabaseError(std::string("it is not known whether a commit took place: ") + error.what());
} catch (const pqxx::statement_completion_unknown &error) {
  throw DatabaseError(std::string("it is not known whether a commit took place: ") + error.what());
} catch (const pqxx::transaction_rollback &error) { // a deadlock, a serialization failure
  return last ? throw DatabaseError(error.what()) : false;
} catch (const pqxx::broken_connection &error) {
  std::lock_guard lock(mutex);
  idle.clear(); // the server has gone, and they with it
  return last ? throw DatabaseError(std::string("PostgreSQL: ") + error.what()) : false;
} catch (const pqxx::failure &error) {
  throw DatabaseError(std::string("PostgreSQL: ") + error.what());
}

void Postgres::withConnection(const Work &work) {
  for (int i = 1; !tryOnce(work, i == mostTries); ++i)
    ;
}

std::unique_ptr<Database> tez::service::openPostgres(const std::string &place) {
  return std::make_unique<Postgres>(place);
}
