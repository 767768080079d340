//===- Client.h - Calls over HTTP -------------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_CLIENT_H
#define TEZ_SERVICE_WORKER_CLIENT_H

#include "tez/Service/Worker/Retry.h"
#include <atomic>
#include <vector>

namespace tez::worker {

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::string digest;     ///< Content-Digest; "": none
  int64_t serverTime = 0; ///< microseconds since 1970, of the header Date; 0: none
};

/// For several threads; each keeps a connection of its own. What is sent can be checked by the
/// server (Content-Digest, X-Tez-Request: docs/registry.md), and is where it can; answers of one
/// that tells their Content-Digest are.
class Client {
public:
  struct Options {
    std::string base;  ///< http://host:port
    std::string token; ///< "" : none
    size_t mostBytes = size_t(256) << 20;
    Milliseconds connect{5000}, whole{60'000};
    Milliseconds grace{2000};    ///< of a call under way when the end is asked for
    Milliseconds farewell{3000}; ///< of a call begun after that
  };
  Client(Options options, const Stop &stop);

  /// Throws Unavailable when there is no whole answer, or another than was sent, GivenUp at
  /// the end.
  HttpAnswer call(const std::string &method, const std::string &path, const std::string &body = {},
                  const std::vector<std::string> &headers = {}) const;

private:
  void checkDigest(const std::string &call, const HttpAnswer &answer) const;

  const Options options;
  const Stop &stop;
  mutable std::atomic<bool> tellsDigests = false; ///< from the first answer that has one
};

/// Percent-encoded, as one part of a path or query.
std::string encoded(const std::string &text);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_CLIENT_H
