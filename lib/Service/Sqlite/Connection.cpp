//===- Connection.cpp -----------------------------------------------------===//

#include "Connection.h"
#include <chrono>
#include <sqlite3.h>

using namespace tez::service;
using namespace tez::service::sqlite;

static constexpr int busyMilliseconds = 5000; // `tez token` and backups write beside the registry

static void leaseNow(sqlite3_context *context, int, sqlite3_value **) {
  auto *clock = static_cast<const LeaseClock *>(sqlite3_user_data(context));
  sqlite3_result_int64(context, clock->milliseconds());
}

static void wallNow(sqlite3_context *context, int, sqlite3_value **) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  sqlite3_result_int64(context, std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

Connection::Connection(const std::string &path, const LeaseClock &clock, Use use) try
    : path(path), clock(clock),
      database(path,
               use == Use::Write ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                 : SQLite::OPEN_READWRITE,
               busyMilliseconds) {
  auto *user = const_cast<LeaseClock *>(&this->clock);
  database.createFunction("lease_now", 0, false, user, leaseNow);
  database.createFunction("wall_now", 0, false, nullptr, wallNow);
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  if (use == Use::Read)
    database.exec("PRAGMA query_only = ON");
} catch (const SQLite::Exception &fault) {
  throw DatabaseError(path + ": " + fault.what());
}

DatabaseError Connection::named(const SQLite::Exception &fault) const {
  return DatabaseError(path + ": " + fault.what());
}

SQLite::Statement &Connection::prepared(const char *sql) {
  auto &statement = statements[sql];
  if (!statement)
    statement = std::make_unique<SQLite::Statement>(database, sql);
  return *statement;
}

static void bind(SQLite::Statement &statement, const std::vector<Parameter> &parameters) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    int index = statement.getIndex(("$" + std::to_string(i + 1)).c_str());
    if (auto *number = std::get_if<int64_t>(&parameters[i]))
      statement.bind(index, *number);
    else if (auto *text = std::get_if<std::string>(&parameters[i]))
      statement.bindNoCopy(index, *text);
    else
      statement.bind(index);
  }
}

static Row readRow(SQLite::Statement &statement) {
  std::vector<std::optional<std::string>> cells(statement.getColumnCount());
  for (size_t i = 0; i < cells.size(); ++i)
    if (SQLite::Column column = statement.getColumn(int(i)); !column.isNull())
      cells[i] = column.getString();
  return Row(std::move(cells));
}

std::vector<Row> Connection::run(const char *sql, const std::vector<Parameter> &parameters) {
  try {
    SQLite::Statement &statement = prepared(sql);
    bind(statement, parameters);
    std::vector<Row> rows;
    while (statement.executeStep())
      rows.push_back(readRow(statement));
    statement.reset();
    return rows;
  } catch (const SQLite::Exception &fault) {
    statements.erase(sql); // whatever state it is in
    throw named(fault);
  }
}

void Connection::script(std::string_view text) {
  try {
    database.exec(std::string(text));
  } catch (const SQLite::Exception &fault) {
    throw named(fault);
  }
}

void Connection::inTransaction(const char *begin, const Database::Action &action) {
  run(begin, {}); // prepared, as all that is said more than once
  try {
    action(*this);
    run("COMMIT", {});
  } catch (...) {
    database.tryExec("ROLLBACK"); // an error of the disk may have done so already
    throw;
  }
}
