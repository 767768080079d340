//===- Writer.h - The one that writes to a SQLite file ----------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_SQLITE_WRITER_H
#define TEZ_LIB_SERVICE_SQLITE_WRITER_H

#include "Connection.h"
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace tez::service::sqlite {

/// SQLite has one writer at a time, and a commit waits for the disk. So all
/// that wait while a commit runs share the next one: each in a savepoint of
/// its own, all answered when the common commit is on disk.
class Writer {
public:
  explicit Writer(std::unique_ptr<Connection> connection);
  ~Writer();

  /// Returns when the action's changes are on disk.
  void write(const Database::Action &action);

private:
  struct Job {
    const Database::Action *action;
    std::promise<void> done;
    std::exception_ptr fault;
  };
  void work();
  void runAll(std::deque<Job> &jobs);
  void runOne(Job &job, Session &session);

  std::unique_ptr<Connection> connection;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job> waiting;
  bool ending = false;
  std::thread thread;
};

} // namespace tez::service::sqlite

#endif // TEZ_LIB_SERVICE_SQLITE_WRITER_H
