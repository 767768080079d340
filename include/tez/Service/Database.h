//===- Database.h - SQL, whoever answers it ---------------------*- C++ -*-===//
//
// The store is written once, in the SQL that SQLite and PostgreSQL share;
// parameters are $1, $2 ... in order. What they do not share is in their migrations: the
// functions lease_now() (milliseconds of the clock that leases run by) and
// wall_now() (microseconds since 1970).
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_SERVICE_DATABASE_H
#define TEZ_SERVICE_DATABASE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tez::service {

/// The database cannot do its work (disk, network, a file of something else).
/// Nothing of the transaction was done, but where a commit's answer was lost.
struct DatabaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Parameter = std::variant<std::nullptr_t, int64_t, std::string>;

/// SQL's NULL for what is absent.
Parameter parameter(const std::optional<std::string> &text);

/// One row of an answer.
class Row {
public:
  explicit Row(std::vector<std::optional<std::string>> cells) : cells(std::move(cells)) {}

  const std::optional<std::string> &optional(size_t column) const { return cells.at(column); }
  const std::string &text(size_t column) const; ///< where NULL cannot be
  int64_t integer(size_t column) const;

private:
  std::vector<std::optional<std::string>> cells;
};

/// Inside of a transaction. For one thread.
class Session {
public:
  virtual ~Session() = default;

  /// `sql` has static storage: statements are prepared once for each connection.
  virtual std::vector<Row> run(const char *sql, const std::vector<Parameter> &parameters) = 0;
  /// Several statements without parameters, not prepared.
  virtual void script(std::string_view text) = 0;
};

/// For any number of threads. Errors of the database are DatabaseErrors; what
/// an action throws otherwise comes back as it is, and its changes are undone.
class Database {
public:
  using Action = std::function<void(Session &)>;
  virtual ~Database() = default;

  virtual void read(const Action &action) = 0;
  /// When it returns, what the action did is on disk. An action may be run again after a
  /// conflict with another one, so it leaves nothing behind but in the database.
  virtual void write(const Action &action) = 0;

  /// Tells other programs on the same database that it has changed in a way that some wait for.
  /// A hint: it may be lost, and come late.
  virtual void announce() {}
  /// `heard`, by a thread of the database's own, when another program may have announced
  /// something; empty: no longer, and that thread is not in it any more. Not for
  /// several threads.
  virtual void listen(std::function<void()> heard) { (void)heard; }

  /// Between a SELECT and the end of its subquery: what keeps two claims from
  /// waiting for each other.
  virtual std::string_view skipLocked() const = 0;
};

/// How `lease_now()` counts in SQLite; tests turn it by hand.
struct LeaseClock {
  std::function<int64_t()> milliseconds;
  std::string boot; ///< counts of two boots are not comparable
  /// The time since the machine started, suspension included: no jump of the
  /// wall clock ends a lease early.
  static LeaseClock system();
};

/// A file, made where there is none, brought to this program's schema.
std::unique_ptr<Database> openSqlite(const std::string &path,
                                     LeaseClock clock = LeaseClock::system());

/// postgresql://USER@HOST/NAME, as libpq reads it. One for any number of registries.
std::unique_ptr<Database> openPostgres(const std::string &place);

/// What `--db=` says: a file, or postgresql://...
std::unique_ptr<Database> openDatabase(const std::string &place);

/// Applies the migrations `folder`/NNNN-*.sql that the database lacks. Refuses
/// a database that has others.
void migrate(Session &session, std::string_view folder);

} // namespace tez::service

#endif // TEZ_SERVICE_DATABASE_H
