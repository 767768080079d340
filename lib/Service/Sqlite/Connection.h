//===- Connection.h - One connection to a SQLite file -----------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_SQLITE_CONNECTION_H
#define TEZ_LIB_SERVICE_SQLITE_CONNECTION_H

#include "tez/Service/Database.h"
#include <SQLiteCpp/SQLiteCpp.h>
#include <unordered_map>

namespace tez::service::sqlite {

/// For one thread at a time. Throws DatabaseErrors that name the file.
class Connection : public Session {
public:
  enum class Use { Read, Write };
  Connection(const std::string &path, const LeaseClock &clock, Use use);

  std::vector<Row> run(const char *sql, const std::vector<Parameter> &parameters) override;
  void script(std::string_view text) override;

  /// Between `begin`, which has static storage, and commit (or undo).
  void inTransaction(const char *begin, const Database::Action &action);

private:
  SQLite::Statement &prepared(const char *sql);
  DatabaseError named(const SQLite::Exception &fault) const;

  std::string path;
  const LeaseClock &clock;
  SQLite::Database database;
  std::unordered_map<const char *, std::unique_ptr<SQLite::Statement>> statements;
};

} // namespace tez::service::sqlite

#endif // TEZ_LIB_SERVICE_SQLITE_CONNECTION_H
