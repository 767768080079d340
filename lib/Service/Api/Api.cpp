//===- Api.cpp - A request becomes a call, whatever happens an answer -----===//

#include "tez/Service/Api.h"
#include "../JsonText.h"
#include "Calls.h"

using namespace tez::service;
using Clock = std::chrono::steady_clock;

namespace {
class Api : public http::Service {
public:
  Api(Store &store, const ApiOptions &options)
      : store(store), longestWait(options.longestWait), log(options.log),
        access(store, options.loopback) {
    store.whenFree([this] { bell.ring(1); },
                   [this] {
                     metrics.hinted();
                     wakeWaiting();
                   });
  }
  ~Api() override { store.whenFree({}, {}); }

  http::Response answer(const http::Request &request) override;
  std::optional<http::Response> answerAtOnce(const http::Request &request) override;
  http::Response refuse(int status, const std::string &detail) override;
  void note(http::Event event) override { metrics.note(event); }
  void tick() override;

private:
  http::Response call(const http::Request &request, std::string &route);
  http::Response answerFaults(const http::Request &request, std::string &route);
  void wakeWaiting();

  Store &store;
  const std::chrono::seconds longestWait;
  const Log log;
  Access access;
  Metrics metrics;
};
} // namespace

http::Response Api::refuse(int status, const std::string &detail) {
  return {status, JsonObject().text("detail", detail).done()};
}

http::Response Api::call(const http::Request &request, std::string &route) {
  checkIntact(request);
  std::string_view target = request.target;
  size_t mark = std::min(target.find('?'), target.size());
  std::string name;
  const Route &found = findRoute(request.method, target.substr(0, mark), name);
  route = found.pattern;
  std::string role = access.check(request, found.right);
  Query query(target.substr(std::min(mark + 1, target.size())));
  Call call{store, metrics, bell,  longestWait, request,
            role,  name,    query, log,         parseTraceParent(request.traceparent.value_or(""))};
  return found.answer(call);
}

http::Response Api::answerFaults(const http::Request &request, std::string &route) {
  try {
    return call(request, route);
  } catch (const Fault &fault) {
    http::Response response = refuse(fault.status, fault.what());
    response.headers = fault.headers;
    return response;
  } catch (const Refusal &refusal) {
    return refuse(refusal.kind == Refusal::Kind::NotFound ? 404 : 409, refusal.what());
  } catch (const DatabaseError &error) {
    log.fault(error.what());
    return refuse(503, "the database does not answer; nothing was changed that was not confirmed");
  } catch (const std::exception &error) {
    log.fault(request.method + " " + quoted(request.target) + ": " + error.what());
    return refuse(500, "the registry has a fault of its own, see its log");
  }
}

http::Response Api::answer(const http::Request &request) {
  Clock::time_point begin = Clock::now();
  std::string route = "none";
  http::Response response = answerFaults(request, route);
  std::chrono::duration<double> time = Clock::now() - begin;
  metrics.answered(route == "none" ? "any" : request.method, route, response.status, time.count());
  log.call(request, route, response.status, time.count());
  return response;
}

/// Also when database and pool do not answer.
std::optional<http::Response> Api::answerAtOnce(const http::Request &request) {
  if (request.target != "/health" || request.method != "GET")
    return std::nullopt;
  return alive();
}

/// As many as there is work for.
void Api::wakeWaiting() {
  if (size_t waiting = bell.waiting())
    if (int64_t free = store.claimable(int64_t(waiting)))
      bell.ring(size_t(free));
}

/// Whatever was heard or not, what came free by the passing of time or elsewhere is seen here.
void Api::tick() {
  try {
    store.sweep();
    wakeWaiting();
  } catch (const std::exception &error) {
    log.fault(error.what()); // the next one may get through
  }
}

std::unique_ptr<http::Service> tez::service::makeApi(Store &store, const ApiOptions &options) {
  return std::make_unique<Api>(store, options);
}
