//===- Database.cpp - Rows, and migrations of whatever database -----------===//

#include "tez/Service/Database.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Embedded.h"
#include <charconv>
#include <map>

using namespace tez::service;

Parameter tez::service::parameter(const std::optional<std::string> &text) {
  return text ? Parameter(*text) : Parameter(nullptr);
}

const std::string &Row::text(size_t column) const {
  const std::optional<std::string> &cell = cells.at(column);
  if (!cell)
    throw DatabaseError("expected a value in the database, found NULL");
  return *cell;
}

int64_t Row::integer(size_t column) const {
  const std::string &digits = text(column);
  int64_t value = 0;
  auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault != std::errc() || end != digits.data() + digits.size())
    throw DatabaseError("expected an integer in the database, found " + digits);
  return value;
}

namespace {
struct Migration {
  std::string name;
  std::string_view text;
};
} // namespace

/// By their numbers, with which the file names begin.
static std::map<int64_t, Migration> knownMigrations(std::string_view folder) {
  std::map<int64_t, Migration> known;
  for (const EmbeddedFile &file : embeddedFiles()) {
    if (!file.name.starts_with(folder))
      continue;
    std::string name(file.name.substr(folder.size()));
    known[std::stoll(name)] = {name, file.text};
  }
  return known;
}

/// `row`: version, name, checksum of one that was applied.
static void checkApplied(const Row &row, const std::map<int64_t, Migration> &known) {
  auto found = known.find(row.integer(0));
  if (found == known.end())
    throw DatabaseError("the database has schema version " + row.text(0) + " (" + row.text(1) +
                        "), this program knows versions up to " +
                        std::to_string(known.rbegin()->first) +
                        ": a newer program has used it, and there is no way back; "
                        "start that one, or restore a backup from before");
  if (sha256Hex(found->second.text) != row.text(2))
    throw DatabaseError("schema version " + row.text(0) + " of the database was made by another " +
                        row.text(1) + " than this program's: expected sha256 " +
                        sha256Hex(found->second.text) + ", found " + row.text(2));
}

void tez::service::migrate(Session &session, std::string_view folder) {
  std::map<int64_t, Migration> known = knownMigrations(folder);
  session.script("CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, "
                 "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
  auto applied =
      session.run("SELECT version, name, checksum FROM schema_migrations ORDER BY version", {});
  for (const Row &row : applied)
    checkApplied(row, known);
  for (const auto &[version, migration] : known) {
    if (!applied.empty() && version <= applied.back().integer(0))
      continue;
    session.script(migration.text);
    session.run("INSERT INTO schema_migrations VALUES ($1, $2, $3, wall_now())",
                {version, migration.name, sha256Hex(migration.text)});
  }
}

std::unique_ptr<Database> tez::service::openDatabase(const std::string &place) {
  if (place.starts_with("postgresql://") || place.starts_with("postgres://"))
    return openPostgres(place);
  if (place.find("://") != std::string::npos)
    throw DatabaseError("expected a file or postgresql://..., found " +
                        place.substr(0, place.find("://") + 3) + "...");
  return openSqlite(place);
}
