//===- Writer.cpp ---------------------------------------------------------===//

#include "Writer.h"
#include <utility>

using namespace tez::service;
using namespace tez::service::sqlite;

Writer::Writer(std::unique_ptr<Connection> connection)
    : connection(std::move(connection)), thread([this] { work(); }) {}

Writer::~Writer() {
  {
    std::lock_guard lock(mutex);
    ending = true;
  }
  wake.notify_one();
  thread.join();
}

void Writer::write(const Database::Action &action) {
  std::future<void> done;
  {
    std::lock_guard lock(mutex);
    waiting.push_back({&action, {}, nullptr});
    done = waiting.back().done.get_future();
  }
  wake.notify_one();
  done.get();
}

void Writer::work() {
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait(lock, [this] { return ending || !waiting.empty(); });
    if (waiting.empty())
      return;
    std::deque<Job> jobs = std::exchange(waiting, {});
    lock.unlock();
    runAll(jobs);
    lock.lock();
  }
}

void Writer::runOne(Job &job, Session &session) {
  session.script("SAVEPOINT job");
  try {
    (*job.action)(session);
  } catch (const DatabaseError &) {
    throw; // the disk's fault is everybody's
  } catch (...) {
    job.fault = std::current_exception();
    session.script("ROLLBACK TO job");
  }
  session.script("RELEASE job");
}

void Writer::runAll(std::deque<Job> &jobs) {
  std::exception_ptr common;
  try {
    connection->inTransaction("BEGIN IMMEDIATE", [&](Session &session) {
      for (Job &job : jobs)
        runOne(job, session);
    });
  } catch (...) {
    common = std::current_exception();
  }
  for (Job &job : jobs)
    if (std::exception_ptr fault = common ? common : job.fault)
      job.done.set_exception(fault);
    else
      job.done.set_value();
}
