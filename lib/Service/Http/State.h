//===- State.h - What a server and its connections share --------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_HTTP_STATE_H
#define TEZ_LIB_SERVICE_HTTP_STATE_H

#include "tez/Service/Http.h"
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <list>
#include <unordered_set>

namespace tez::service::http {

class Connection;

/// All of it belongs to the thread that runs `io`.
struct ServerState {
  ServerState(const ServerOptions &options, Service &service);
  ~ServerState() { service.bell.attach({}); }

  void accept();
  void tickLater();
  void stop();

  /// Asks so many calls that wait once more.
  void wake(size_t most);
  void setWaiting() { service.bell.calls = waiting.size(); }

  void waitForTheLast(std::chrono::steady_clock::time_point end);

  const ServerOptions options;
  Service &service;
  // Before `io`, which ends what connections are left when it goes.
  std::unordered_set<Connection *> connections;
  std::list<Connection *> waiting; ///< those with a call that waits, the oldest first
  size_t calls = 0;                ///< with the pool
  size_t bytes = 0;                ///< of bodies that are read or answered
  bool stopping = false;
  std::atomic<bool> ticking = false;
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor acceptor{io};
  boost::asio::signal_set signals{io, SIGTERM, SIGINT};
  boost::asio::steady_timer pause{io}, ticker{io}, farewell{io};
  boost::asio::thread_pool pool;
};

} // namespace tez::service::http

#endif // TEZ_LIB_SERVICE_HTTP_STATE_H
