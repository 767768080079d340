//===- Connection.h - One connection to PostgreSQL --------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_POSTGRES_CONNECTION_H
#define TEZ_LIB_SERVICE_POSTGRES_CONNECTION_H

#include "tez/Service/Database.h"
#include <pqxx/pqxx>
#include <unordered_set>

namespace tez::service::postgres {

/// For one thread at a time. What goes wrong is thrown as pqxx does.
class Connection : public Session {
public:
  explicit Connection(const std::string &place) : link(place) {}

  std::vector<Row> run(const char *sql, const std::vector<Parameter> &parameters) override;
  void script(std::string_view text) override;

  /// All of it sees one moment.
  void read(const Database::Action &action);
  void write(const Database::Action &action);

private:
  void within(pqxx::transaction_base &transaction, const Database::Action &action);

  pqxx::connection link;
  pqxx::transaction_base *current = nullptr;
  std::unordered_set<const char *> prepared;
};

} // namespace tez::service::postgres

#endif // TEZ_LIB_SERVICE_POSTGRES_CONNECTION_H
