//===- Connection.h - One client, one call after the other ------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_HTTP_CONNECTION_H
#define TEZ_LIB_SERVICE_HTTP_CONNECTION_H

#include "State.h"
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace tez::service::http {

/// Lives as long as an operation of it is under way.
class Connection : public std::enable_shared_from_this<Connection> {
public:
  Connection(ServerState &server, boost::asio::ip::tcp::socket socket);
  ~Connection();

  void start() { readHeader(); }
  /// When the server ends: at once where no call is under way, else after it.
  void stop();
  void cut();
  /// The call that waits.
  void askAgain();

private:
  using Error = boost::beast::error_code;

  void awaitNext();
  void readHeader();
  void onHeader(Error error);
  void askForBody();
  void readBody();
  void onBody(Error error);
  void dispatch();
  void ask(Request request);
  void onAnswer(Request request, Response answer);
  void wait(Request request, Response answer);
  std::pair<Request, Response> endWait();
  void giveUp();
  void watchClient();
  void fail(Error error);
  void refuse(int status, const std::string &detail);
  void send(Response response);
  void onWritten(Error error);
  void linger();
  std::chrono::milliseconds timeFor(size_t bytes) const;
  void releaseBytes();

  ServerState &server;
  boost::beast::tcp_stream stream;
  boost::beast::flat_buffer buffer;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser;
  boost::beast::http::response<boost::beast::http::string_body> response;
  size_t reserved = 0; ///< of the server's bytes
  size_t lingered = 0; ///< bytes thrown away behind a refusal
  bool idle = true;    ///< between two calls
  /// A call that waits, with the answer it has so far, and its place in the queue.
  std::optional<std::pair<Request, Response>> held;
  std::list<Connection *>::iterator place;
  boost::asio::steady_timer patience;
};

} // namespace tez::service::http

#endif // TEZ_LIB_SERVICE_HTTP_CONNECTION_H
