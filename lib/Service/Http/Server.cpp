//===- Server.cpp ---------------------------------------------------------===//

#include "Connection.h"
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

using namespace tez::service::http;
namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;

bool tez::service::http::isLoopback(const std::string &address) {
  Error error;
  asio::ip::address parsed = asio::ip::make_address(address, error);
  return !error && parsed.is_loopback();
}

ServerState::ServerState(const ServerOptions &options, Service &service)
    : options(options), service(service), pool(options.threads) {
  std::string place = options.address + " port " + std::to_string(options.port);
  Error error;
  tcp::endpoint endpoint(asio::ip::make_address(options.address, error), options.port);
  if (error)
    throw std::runtime_error("expected an IP address to listen on, found " + options.address);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(1024);
  } catch (const boost::system::system_error &fault) {
    throw std::runtime_error("cannot listen on " + place + ": " + fault.code().message());
  }
  service.bell.attach([this](size_t most) { asio::post(io, [this, most] { wake(most); }); });
}

void ServerState::wake(size_t most) {
  for (most = std::min(most, waiting.size()); most > 0; --most)
    waiting.front()->askAgain();
}

void ServerState::accept() {
  acceptor.async_accept([this](Error error, tcp::socket socket) {
    if (stopping)
      return;
    if (error) { // out of descriptors, say: some come back
      pause.expires_after(std::chrono::milliseconds(100));
      return pause.async_wait([this](Error) { accept(); });
    }
    if (connections.size() < options.mostConnections)
      std::make_shared<Connection>(*this, std::move(socket))->start();
    else
      service.note(Event::Overloaded); // closed as it goes out of scope
    accept();
  });
}

void ServerState::tickLater() {
  ticker.expires_after(std::chrono::seconds(1));
  ticker.async_wait([this](Error error) {
    if (error || stopping)
      return;
    if (!ticking.exchange(true)) // the last one may still wait for the database
      asio::post(pool, [this] {
        service.tick();
        ticking = false;
      });
    tickLater();
  });
}

void ServerState::stop() {
  stopping = true;
  acceptor.close();
  pause.cancel();
  ticker.cancel();
  signals.cancel();
  // Each may take itself out of the set when it is stopped.
  for (Connection *connection : std::vector(connections.begin(), connections.end()))
    connection->stop();
  waitForTheLast(std::chrono::steady_clock::now() + options.farewell);
}

void ServerState::waitForTheLast(std::chrono::steady_clock::time_point end) {
  if (connections.empty() || std::chrono::steady_clock::now() > end)
    return io.stop();
  farewell.expires_after(std::chrono::milliseconds(20));
  farewell.async_wait([this, end](Error) { waitForTheLast(end); });
}

Server::Server(const ServerOptions &options, Service &service)
    : state(std::make_unique<ServerState>(options, service)) {}

Server::~Server() = default;

uint16_t Server::port() const { return state->acceptor.local_endpoint().port(); }

void Server::run() {
  state->signals.async_wait([this](Error error, int) {
    if (!error)
      state->stop();
  });
  state->accept();
  state->tickLater();
  state->io.run();
  state->pool.stop();
  state->pool.join();
}
