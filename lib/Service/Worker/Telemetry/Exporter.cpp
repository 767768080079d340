//===- Exporter.cpp -------------------------------------------------------===//

#include "Exporter.h"
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

using namespace tez::worker;
using Clock = std::chrono::steady_clock;

static constexpr size_t mostHeader = 8192;
static constexpr auto patience = std::chrono::seconds(2);

static sockaddr_in parsePlace(const std::string &place) {
  size_t colon = std::min(place.rfind(':'), place.size());
  std::string host = place.substr(0, colon), port = place.substr(std::min(colon + 1, place.size()));
  uint16_t number = 0;
  auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (port.empty() || fault != std::errc() || end != port.data() + port.size() ||
      inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("--metrics: expected ADDRESS:PORT, found " + place);
  address.sin_port = htons(number);
  return address;
}

Exporter::Exporter(const std::string &place, std::function<std::string()> metrics)
    : metrics(std::move(metrics)) {
  sockaddr_in wanted = parsePlace(place);
  auto *plain = reinterpret_cast<sockaddr *>(&wanted);
  socklen_t size = sizeof(wanted);
  int yes = 1;
  listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (listener < 0 || ::bind(listener, plain, size) || ::listen(listener, 16) ||
      ::getsockname(listener, plain, &size)) {
    std::string fault = std::strerror(errno);
    ::close(listener);
    throw std::runtime_error("--metrics: cannot listen on " + place + ": " + fault);
  }
  char host[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &wanted.sin_addr, host, sizeof(host));
  address = std::string("http://") + host + ":" + std::to_string(ntohs(wanted.sin_port));
  thread = std::thread([this] { serve(); });
}

Exporter::~Exporter() {
  ending = true;
  thread.join();
  ::close(listener);
}

void Exporter::serve() {
  while (!ending) {
    pollfd ready{listener, POLLIN, 0};
    if (::poll(&ready, 1, 200) <= 0)
      continue;
    int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0)
      continue;
    answer(client);
    ::close(client);
  }
}

/// Whether `client` is ready for `events` before `end`.
static bool waitFor(int client, short events, Clock::time_point end) {
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
  pollfd ready{client, events, 0};
  return left > 0 && ::poll(&ready, 1, int(left)) > 0;
}

/// What the client wants, up to the end of its header; "" when it takes too long.
static std::string readHeader(int client, Clock::time_point end) {
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos) {
    char piece[1024];
    ssize_t got = waitFor(client, POLLIN, end) ? ::read(client, piece, sizeof(piece)) : -1;
    if (got <= 0 || text.size() > mostHeader)
      return "";
    text.append(piece, size_t(got));
  }
  return text;
}

static void send(int client, const std::string &text, Clock::time_point end) {
  for (size_t sent = 0; sent < text.size() && waitFor(client, POLLOUT, end);) {
    ssize_t some = ::send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (some <= 0)
      return;
    sent += size_t(some);
  }
}

void Exporter::answer(int client) const {
  auto end = Clock::now() + patience;
  std::string header = readHeader(client, end);
  if (header.empty())
    return;
  bool found = header.starts_with("GET /metrics "), well = header.starts_with("GET /health ");
  std::string body = found  ? metrics()
                     : well ? "{\"status\": \"ok\"}"
                            : "{\"detail\": \"Not Found\"}";
  send(client,
       std::string("HTTP/1.1 ") + (found || well ? "200 OK" : "404 Not Found") +
           "\r\nContent-Type: " + (found ? "text/plain; version=0.0.4" : "application/json") +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
           body,
       end);
}
