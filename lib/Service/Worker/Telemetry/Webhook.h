//===- Webhook.h - Tells somebody what no try got through -------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_TELEMETRY_WEBHOOK_H
#define TEZ_LIB_SERVICE_WORKER_TELEMETRY_WEBHOOK_H

#include "Metrics.h"
#include "tez/Service/Worker/Client.h"
#include "tez/Service/Worker/Json.h"
#include <optional>

namespace tez::worker {

/// POSTs JSON to a URL, with X-Tez-Timestamp and X-Tez-Signature: sha256= and the
/// HMAC-SHA-256 of timestamp, a dot and the body. For several threads.
class Webhook {
public:
  /// "": nobody is told.
  Webhook(const std::string &url, std::string secret, const Stop &stop, Metrics &metrics);

  /// Three tries of a few seconds; what does not arrive is in log and metrics.
  void tell(const Json &event) const;

private:
  void send(const std::string &body) const;

  std::optional<Client> client;
  const std::string secret;
  const Stop &stop;
  Metrics &metrics;
};

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_TELEMETRY_WEBHOOK_H
