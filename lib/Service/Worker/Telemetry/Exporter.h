//===- Exporter.h - Answers Prometheus --------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_TELEMETRY_EXPORTER_H
#define TEZ_LIB_SERVICE_WORKER_TELEMETRY_EXPORTER_H

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace tez::worker {

/// GET /metrics and /health, one caller after the other, each with two seconds to
/// say what it wants: enough for a scraper, and all that a worker has to serve.
class Exporter {
public:
  /// `place`: ADDRESS:PORT of IPv4, port 0: any. Throws when it cannot listen there.
  Exporter(const std::string &place, std::function<std::string()> metrics);
  Exporter(const Exporter &) = delete;
  Exporter &operator=(const Exporter &) = delete;
  ~Exporter();

  const std::string &url() const { return address; }

private:
  void serve();
  void answer(int client) const;

  const std::function<std::string()> metrics;
  int listener = -1;
  std::string address;
  std::atomic<bool> ending = false;
  std::thread thread;
};

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_TELEMETRY_EXPORTER_H
