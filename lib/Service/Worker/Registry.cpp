//===- Registry.cpp - Calls, and kernels ----------------------------------===//

#include "Registries.h"
#include "Telemetry/Trace.h"

using namespace tez;
using namespace tez::worker;

static bool isHealthy(const Client &client) {
  try {
    return client.call("GET", "/health").status == 200;
  } catch (const Unavailable &) {
    return false;
  }
}

Connection::Connection(const Client::Options &options, const Stop &stop, BreakerOptions breaker)
    : client(options, stop), guard("registry", [this] { return isHealthy(client); }, breaker) {}

/// Overload, or a proxy without the registry behind it. 500 is not among them:
/// the older registry answers it to data it does not like, and is well.
static bool isAbsent(int status) {
  return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

static std::string faultOf(const std::string &call, const HttpAnswer &answer) {
  std::string detail;
  if (auto json = parseJson(answer.body); json && json->contains("detail"))
    detail = toText((*json)["detail"]);
  return call + " answered " + std::to_string(answer.status) +
         (detail.empty() ? "" : ": " + detail.substr(0, 1000));
}

/// May have refused something else than was sent, if a bit of it had flipped. 409 is told of what
/// stands against it.
static bool isDoubtful(int status) { return status >= 400 && status < 500 && status != 409; }

HttpAnswer Connection::ask(const std::string &method, const std::string &path, const Json &body) {
  HttpAnswer answer;
  std::string text = body.is_null() ? "" : toText(body), call = method + " " + path;
  auto once = [&] {
    answer = client.call(method, path, text);
    if (isAbsent(answer.status))
      throw Unavailable(faultOf(call, answer));
  };
  guard.run(once);
  if (isDoubtful(answer.status))
    guard.run(once);
  if (answer.status >= 500)
    throw ServerFault(faultOf(call, answer));
  if (answer.status < 200 || answer.status > 299)
    throw Refused(answer.status, faultOf(call, answer));
  return answer;
}

static Json jsonOf(const std::string &call, const HttpAnswer &answer) {
  auto json = parseJson(answer.body);
  if (!json)
    throw Unavailable(call + " answered what is not JSON");
  return std::move(*json);
}

Json Connection::askJson(const std::string &method, const std::string &path, const Json &body) {
  return jsonOf(method + " " + path, ask(method, path, body));
}

Json worker::postBlueprint(Connection &connection, const std::string &id, const std::string &text,
                           const std::string &parent) {
  Trace trace(id, parent); // each call of this thread has its header
  return connection.askJson("POST", "/api/v1/blueprints", {{"id", id}, {"architecture_ir", text}});
}

std::vector<KernelRow> Registry::kernels(const std::string &blueprintId) {
  std::vector<KernelRow> rows;
  for (const Json &row :
       connection.askJson("GET", "/api/v1/kernels?blueprint_id=" + encoded(blueprintId)))
    rows.push_back({textAt(row, "id"), textAt(row, "blueprint_id"),
                    textAt(row, "compilation_pipeline"), textAt(row, "status"),
                    textAt(row, "kernel_binary_ref"), valueAt(row, "validation_report")});
  return rows;
}

static bool isThere(const std::vector<KernelRow> &rows, const KernelRow &wanted) {
  for (const KernelRow &row : rows)
    if (row.id == wanted.id && row.reference == wanted.reference &&
        textAt(row.report, "checksum") == textAt(wanted.report, "checksum"))
      return true;
  return false;
}

// The older registry answers 500 to a row that is there: so look first, and after a
// failure, whose answer says nothing of whether it was written.
void Registry::post(const KernelRow &row) {
  if (isThere(kernels(row.blueprintId), row))
    return;
  try {
    connection.ask("POST", "/internal/v1/kernels",
                   {{"id", row.id},
                    {"blueprint_id", row.blueprintId},
                    {"status", row.status},
                    {"compilation_pipeline", row.pipeline},
                    {"kernel_binary_ref", row.reference},
                    {"validation_report", row.report}});
  } catch (const Unavailable &) {
    if (!isThere(kernels(row.blueprintId), row))
      throw;
  }
}

std::unique_ptr<Registry>
tez::worker::openRegistry(Connection &connection, const std::string &worker, int64_t leaseSeconds) {
  try {
    connection.ask("GET", "/internal/v1/claims");
  } catch (const Refused &refused) {
    if (refused.status != 404 && refused.status != 405)
      throw;
    return makePolledRegistry(connection);
  }
  return makeLeasedRegistry(connection, worker, leaseSeconds);
}
