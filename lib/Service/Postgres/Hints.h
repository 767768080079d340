//===- Hints.h - Registries on one database wake each other -----*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_POSTGRES_HINTS_H
#define TEZ_LIB_SERVICE_POSTGRES_HINTS_H

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace tez::service::postgres {

/// LISTEN and NOTIFY, on a connection and in a thread of its own: a NOTIFY within the
/// transactions that it tells of would make their commits wait for each other. What is said
/// while there is no connection is lost; nobody may rely on it.
class Hints {
public:
  /// `heard`, by the thread: another program has announced something, or may have meanwhile.
  Hints(std::string place, std::function<void()> heard);
  Hints(const Hints &) = delete;
  Hints &operator=(const Hints &) = delete;
  ~Hints();

  /// By any thread; several close together become one.
  void announce() { wake(); }

private:
  void wake();
  void run();
  void listen();

  const std::string place;
  const std::function<void()> heard;
  const int bell; ///< an eventfd
  std::atomic<bool> ending = false;
  std::thread thread;
};

} // namespace tez::service::postgres

#endif // TEZ_LIB_SERVICE_POSTGRES_HINTS_H
