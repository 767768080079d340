//===- Hints.cpp - Registries on one database wake each other -------------===//

#include "Hints.h"
#include "tez/Service/Database.h"
#include <poll.h>
#include <pqxx/pqxx>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace tez::service;
using namespace tez::service::postgres;

static constexpr const char *queue = "tez_queue";
static constexpr int lostAfter = 1000;   ///< milliseconds between two tries to connect
static constexpr int gap = 20;           ///< milliseconds between two announcements
static constexpr int lookEvery = 10'000; ///< milliseconds: a connection may be gone without a word

namespace {
/// Hears all but this connection's own.
class Receiver : public pqxx::notification_receiver {
public:
  explicit Receiver(pqxx::connection &link) : notification_receiver(link, queue) {}
  void operator()(const std::string &, int sender) override {
    heard |= sender != conn().backendpid();
  }
  bool heard = true; ///< what was said before this connection
};
} // namespace

Hints::Hints(std::string place, std::function<void()> heard)
    : place(std::move(place)), heard(std::move(heard)),
      bell(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread([this] { run(); }) {
  if (bell < 0) {
    ending = true;
    thread.join();
    throw DatabaseError("no eventfd is to be had");
  }
}

Hints::~Hints() {
  ending = true;
  wake();
  thread.join();
  close(bell);
}

void Hints::wake() { eventfd_write(bell, 1); }

/// Whether the bell was rung. `socket` -1: only that is waited for.
static bool waitFor(int bell, int socket, int milliseconds) {
  pollfd both[] = {{bell, POLLIN, 0}, {socket, POLLIN, 0}};
  poll(both, 2, milliseconds);
  eventfd_t count = 0;
  return eventfd_read(bell, &count) == 0;
}

void Hints::listen() {
  pqxx::connection link(place);
  Receiver receiver(link);
  while (!ending) {
    if (std::exchange(receiver.heard, false))
      heard();
    bool rung = waitFor(bell, link.sock(), lookEvery);
    if (rung && !ending) {
      pqxx::nontransaction(link).exec(std::string("NOTIFY ") + queue);
      poll(nullptr, 0, gap);
    }
    link.get_notifs(); // throws when the connection is gone
  }
}

void Hints::run() {
  while (!ending)
    try {
      listen();
    } catch (const std::exception &) { // the registry does without
      if (!ending)
        waitFor(bell, -1, lostAfter);
    }
}
