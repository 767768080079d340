//===- Http.h - An HTTP/1.1 server for short calls --------------*- C++ -*-===//

#ifndef TEZ_SERVICE_HTTP_H
#define TEZ_SERVICE_HTTP_H

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tez::service::http {

struct Request {
  std::string method;
  std::string target; ///< path and query as they came, percent-encoded
  std::optional<std::string> host, contentType, authorization, traceparent, contentDigest;
  std::optional<std::string> sentAs; ///< X-Tez-Request: what the client says it has sent
  std::string body;
  std::chrono::steady_clock::time_point arrived; ///< whole
};

/// A call that has no answer yet: it is asked again when the bell is rung.
struct Wait {
  std::chrono::steady_clock::time_point until;
  uint64_t heard; ///< Bell::rung() before it was looked whether there is an answer
};

struct Response {
  int status = 200;
  std::string body;
  std::string contentType = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<Wait> wait = {}; ///< this is the answer if there is no other until then
};

/// Wakes calls that wait. For any number of threads.
class Bell {
public:
  uint64_t rung() const { return count; } ///< how often
  size_t waiting() const { return calls; }
  /// The oldest `most` of the calls that wait are asked again; and each that is about to
  /// wait, and has not heard of it.
  void ring(size_t most);

private:
  friend struct ServerState;
  void attach(std::function<void(size_t)> hammer); ///< empty: none

  std::atomic<uint64_t> count = 0;
  std::atomic<size_t> calls = 0;
  std::mutex mutex;
  std::function<void(size_t)> hammer;
};

/// What happens on connections without ever becoming a call.
enum class Event { Connected, Disconnected, Overloaded, TooSlow, Malformed };

struct ServerState;

class Service {
public:
  virtual ~Service() = default;
  /// By any of the pool's threads. More than once for a call that waits.
  virtual Response answer(const Request &request) = 0;
  /// By the thread that reads and writes, also when the pool is full: only
  /// what needs neither disk nor waiting.
  virtual std::optional<Response> answerAtOnce(const Request &request) = 0;
  /// `{"detail": ...}`.
  virtual Response refuse(int status, const std::string &detail) = 0;
  virtual void note(Event event) = 0;
  /// Every second, by one of the pool's threads.
  virtual void tick() = 0;

  Bell bell; ///< rung by the service; at the end calls that wait get the answer they have
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;      ///< 0: any that is free
  unsigned threads = 16;     ///< that answer calls
  size_t mostCalls = 256;    ///< under way at once; more are told to come back
  size_t mostWaiting = 1024; ///< calls; others are answered at once
  size_t mostConnections = 4096;
  size_t mostHeaderBytes = 16 << 10;
  size_t mostBodyBytes = 24 << 20;
  size_t mostBytes = 512 << 20;       ///< of all bodies at once
  std::chrono::seconds patience{15};  ///< with a client that sends or takes nothing
  std::chrono::seconds keepAlive{60}; ///< between two calls
  std::chrono::seconds farewell{10};  ///< for calls under way at the end
};

/// Listens from its construction on. One thread reads and writes, a pool of
/// threads answers.
class Server {
public:
  /// Throws std::runtime_error when it cannot listen there.
  Server(const ServerOptions &options, Service &service);
  ~Server();

  uint16_t port() const;
  /// Until SIGTERM or SIGINT: then no connection is taken, calls under way are
  /// answered, and it returns.
  void run();

private:
  std::unique_ptr<ServerState> state;
};

/// `127.0.0.1`, `::1` and their kin.
bool isLoopback(const std::string &address);

} // namespace tez::service::http

#endif // TEZ_SERVICE_HTTP_H
