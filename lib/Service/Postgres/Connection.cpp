//===- Connection.cpp -----------------------------------------------------===//

#include "Connection.h"

using namespace tez::service;
using namespace tez::service::postgres;

/// As text; the server knows the types from the statement.
static std::optional<std::string> textOf(const Parameter &parameter) {
  if (auto *number = std::get_if<int64_t>(&parameter))
    return std::to_string(*number);
  if (auto *text = std::get_if<std::string>(&parameter))
    return *text;
  return std::nullopt;
}

static std::vector<Row> rowsOf(const pqxx::result &result) {
  std::vector<Row> rows;
  for (const auto &row : result) {
    std::vector<std::optional<std::string>> cells;
    for (const auto &field : row)
      cells.push_back(field.is_null() ? std::nullopt : std::optional<std::string>(field.c_str()));
    rows.emplace_back(std::move(cells));
  }
  return rows;
}

std::vector<Row> Connection::run(const char *sql, const std::vector<Parameter> &parameters) {
  std::string name = "s" + std::to_string(reinterpret_cast<uintptr_t>(sql));
  if (prepared.insert(sql).second)
    link.prepare(name, sql);
  std::vector<std::optional<std::string>> texts;
  for (const Parameter &parameter : parameters)
    texts.push_back(textOf(parameter));
  std::vector<const char *> values; // null is NULL
  for (const auto &text : texts)
    values.push_back(text ? text->c_str() : nullptr);
  return rowsOf(current->exec_prepared(name, pqxx::prepare::make_dynamic_params(values)));
}

void Connection::script(std::string_view text) { current->exec(std::string(text)); }

void Connection::within(pqxx::transaction_base &transaction, const Database::Action &action) {
  current = &transaction;
  action(*this);
  transaction.commit();
}

void Connection::read(const Database::Action &action) {
  pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> transaction(link);
  within(transaction, action);
}

void Connection::write(const Database::Action &action) {
  pqxx::work transaction(link);
  within(transaction, action);
}
