//===- Webhook.cpp --------------------------------------------------------===//

#include "Webhook.h"
#include "../Log.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Time.h"

using namespace tez;
using namespace tez::worker;

static constexpr Backoff between{Milliseconds(250), Milliseconds(1000)};

Webhook::Webhook(const std::string &url, std::string secret, const Stop &stop, Metrics &metrics)
    : secret(std::move(secret)), stop(stop), metrics(metrics) {
  if (!url.empty())
    client.emplace(Client::Options{.base = url,
                                   .token = "",
                                   .mostBytes = size_t(1) << 20,
                                   .connect = Milliseconds(2000),
                                   .whole = Milliseconds(5000)},
                   stop);
}

void Webhook::send(const std::string &body) const {
  std::string time = std::to_string(microsecondsNow() / 1'000'000);
  HttpAnswer answer = client->call(
      "POST", "", body,
      {"X-Tez-Timestamp: " + time,
       "X-Tez-Signature: sha256=" + service::hmacSha256Hex(secret, time + "." + body)});
  if (answer.status < 200 || answer.status > 299)
    throw Unavailable("the webhook answered " + std::to_string(answer.status));
}

void Webhook::tell(const Json &event) const {
  if (!client)
    return;
  try {
    std::string body = toText(event);
    retry(3, between, stop, [&] { send(body); });
    metrics.notified(true);
  } catch (const std::runtime_error &fault) { // Unavailable, GivenUp
    metrics.notified(false);
    log("error", "not notified", {{"event_told", event}, {"reason", fault.what()}});
  }
}
