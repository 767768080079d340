//===- Connection.cpp -----------------------------------------------------===//

#include "Connection.h"
#include "tez/Service/Digest.h"
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

using namespace tez::service::http;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;

using Clock = std::chrono::steady_clock;

static constexpr size_t slowestBytesPerSecond = 64 << 10; // of bodies and answers
static constexpr size_t mostLingered = 1 << 20;

Connection::Connection(ServerState &server, asio::ip::tcp::socket socket)
    : server(server), stream(std::move(socket)),
      buffer(server.options.mostHeaderBytes + (64 << 10)), patience(server.io) {
  Error ignored;
  stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  server.connections.insert(this);
  server.service.note(Event::Connected);
}

Connection::~Connection() {
  if (held) // the server goes
    server.waiting.erase(place);
  releaseBytes();
  server.connections.erase(this);
  server.service.note(Event::Disconnected);
}

void Connection::cut() {
  Error ignored;
  stream.socket().close(ignored);
}

void Connection::stop() {
  if (idle)
    cut();
  else if (held)
    giveUp();
}

std::chrono::milliseconds Connection::timeFor(size_t bytes) const {
  return server.options.patience + std::chrono::milliseconds(bytes * 1000 / slowestBytesPerSecond);
}

void Connection::releaseBytes() { server.bytes -= std::exchange(reserved, 0); }

/// A client may keep its connection for later; one that has begun a call may not wait with the
/// rest.
void Connection::awaitNext() {
  idle = true;
  if (buffer.size() > 0)
    return readHeader();
  stream.expires_after(server.options.keepAlive);
  stream.async_read_some(buffer.prepare(4096),
                         [self = shared_from_this()](Error error, size_t count) {
                           self->buffer.commit(count);
                           if (!error)
                             self->readHeader();
                         });
}

void Connection::readHeader() {
  parser.emplace();
  parser->header_limit(server.options.mostHeaderBytes);
  parser->body_limit(server.options.mostBodyBytes);
  stream.expires_after(server.options.patience); // for all of the header, however it trickles in
  wire::async_read_header(
      stream, buffer, *parser,
      [self = shared_from_this()](Error error, size_t) { self->onHeader(error); });
}

void Connection::onHeader(Error error) {
  idle = false;
  if (error)
    return fail(error);
  if (parser->chunked()) // its size is known too late, and proxies disagree about it
    return refuse(411, "expected a body with Content-Length, found Transfer-Encoding");
  reserved = parser->content_length().value_or(0);
  server.bytes += reserved;
  if (server.bytes > server.options.mostBytes) {
    server.service.note(Event::Overloaded);
    return refuse(429, "too many bytes are under way, come back in a second");
  }
  if (beast::iequals(parser->get()[wire::field::expect], "100-continue"))
    return askForBody();
  readBody();
}

void Connection::askForBody() {
  static constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream, asio::buffer(goOn), [self = shared_from_this()](Error error, size_t) {
    if (!error)
      self->readBody();
  });
}

void Connection::readBody() {
  stream.expires_after(timeFor(reserved));
  wire::async_read(stream, buffer, *parser,
                   [self = shared_from_this()](Error error, size_t) { self->onBody(error); });
}

void Connection::onBody(Error error) {
  if (error)
    return fail(error);
  dispatch();
}

void Connection::fail(Error error) {
  if (error == beast::error::timeout)
    return server.service.note(Event::TooSlow); // cut; it would not listen either
  static const Error end = wire::error::end_of_stream;
  if (error == end || error.category() != end.category())
    return; // it hung up
  server.service.note(Event::Malformed);
  if (error == wire::error::body_limit)
    return refuse(413, "expected a body of at most " +
                           std::to_string(server.options.mostBodyBytes) + " bytes, found more");
  if (error == wire::error::header_limit || error == wire::error::buffer_overflow)
    return refuse(431, "expected at most " + std::to_string(server.options.mostHeaderBytes) +
                           " bytes of header, found more");
  if (error != wire::error::partial_message)
    refuse(400, "expected an HTTP/1.1 request, found: " + error.message());
}

template <typename Name>
static std::optional<std::string> field(const wire::request<wire::string_body> &request,
                                        Name name) {
  auto found = request.find(name);
  return found == request.end() ? std::nullopt : std::optional<std::string>(found->value());
}

static Request requestOf(wire::request<wire::string_body> &message) {
  return {std::string(message.method_string()),
          std::string(message.target()),
          field(message, wire::field::host),
          field(message, wire::field::content_type),
          field(message, wire::field::authorization),
          field(message, "traceparent"),
          field(message, "Content-Digest"),
          field(message, "X-Tez-Request"),
          std::move(message.body()),
          std::chrono::steady_clock::now()};
}

void Connection::dispatch() {
  Request request = requestOf(parser->get());
  if (auto response = server.service.answerAtOnce(request))
    return send(std::move(*response));
  if (server.calls >= server.options.mostCalls) {
    server.service.note(Event::Overloaded);
    Response busy =
        server.service.refuse(429, "too many calls are under way, come back in a second");
    return send(std::move(busy));
  }
  ask(std::move(request));
}

void Connection::ask(Request request) {
  ++server.calls;
  // The guard keeps run() going while this connection waits for nothing but the pool.
  auto guard = asio::make_work_guard(server.io);
  asio::post(server.pool, [self = shared_from_this(), guard = std::move(guard),
                           request = std::move(request)]() mutable {
    Response response = self->server.service.answer(request);
    asio::io_context &io = self->server.io;
    asio::post(io, [self = std::move(self), request = std::move(request),
                    response = std::move(response)]() mutable {
      --self->server.calls;
      self->onAnswer(std::move(request), std::move(response));
    });
  });
}

void Connection::onAnswer(Request request, Response answer) {
  bool waits = answer.wait && !server.stopping && answer.wait->until > Clock::now();
  if (waits && server.service.bell.rung() != answer.wait->heard)
    return ask(std::move(request)); // it was rung meanwhile
  if (waits && server.waiting.size() < server.options.mostWaiting)
    return wait(std::move(request), std::move(answer));
  send(std::move(answer));
}

//===----------------------------------------------------------------------===//
// Calls that wait
//===----------------------------------------------------------------------===//

void Connection::wait(Request request, Response answer) {
  patience.expires_at(answer.wait->until);
  held.emplace(std::move(request), std::move(answer));
  place = server.waiting.insert(server.waiting.end(), this);
  server.setWaiting();
  patience.async_wait([self = shared_from_this()](Error error) {
    if (!error && self->held && self->held->second.wait->until <= Clock::now())
      self->giveUp();
  });
  watchClient();
}

/// What is given to a client that has gone is lost to all for a while.
void Connection::watchClient() {
  stream.socket().async_wait(asio::ip::tcp::socket::wait_read,
                             [self = shared_from_this()](Error error) {
                               Error fault;
                               bool more = !error && self->stream.socket().available(fault) > 0;
                               if (error || more || !self->held) // its next call waits
                                 return;
                               (void)self->endWait();
                               self->cut();
                             });
}

std::pair<Request, Response> Connection::endWait() {
  auto call = std::move(*held);
  held.reset();
  server.waiting.erase(place);
  server.setWaiting();
  patience.cancel();
  Error ignored;
  stream.socket().cancel(ignored);
  return call;
}

void Connection::askAgain() { ask(endWait().first); }

void Connection::giveUp() { send(endWait().second); }

void Connection::refuse(int status, const std::string &detail) {
  parser->get().keep_alive(false); // what follows may be the rest of a body
  send(server.service.refuse(status, detail));
}

void Connection::send(Response answer) {
  response = {wire::int_to_status(answer.status), 11};
  response.set(wire::field::content_type, answer.contentType);
  response.set("X-Content-Type-Options", "nosniff");
  if (answer.status == 429 || answer.status == 503)
    response.set(wire::field::retry_after, "1");
  for (const auto &[name, value] : answer.headers)
    response.set(name, value);
  if (parser->get().method() != wire::verb::head) // whose answers have no body
    response.body() = std::move(answer.body);
  if (parser->get()["Want-Content-Digest"].find("sha-256") != beast::string_view::npos)
    response.set("Content-Digest", contentDigest(response.body()));
  response.keep_alive(parser->get().keep_alive() && !server.stopping);
  response.prepare_payload();
  stream.expires_after(timeFor(response.body().size()));
  wire::async_write(stream, response,
                    [self = shared_from_this()](Error error, size_t) { self->onWritten(error); });
}

void Connection::onWritten(Error error) {
  releaseBytes();
  if (error == beast::error::timeout)
    server.service.note(Event::TooSlow);
  if (error)
    return;
  if (response.keep_alive() && !server.stopping)
    return awaitNext();
  Error ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream.expires_after(std::chrono::seconds(2));
  linger();
}

/// A connection that is closed over unread bytes is reset, and the client may
/// lose the answer that is under way to it.
void Connection::linger() {
  buffer.clear();
  stream.async_read_some(buffer.prepare(16 << 10),
                         [self = shared_from_this()](Error error, size_t count) {
                           self->lingered += count;
                           if (!error && self->lingered < mostLingered && !self->server.stopping)
                             self->linger();
                         });
}
