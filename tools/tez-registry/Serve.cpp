//===- Serve.cpp - tez serve ----------------------------------------------===//

#include "Commands.h"
#include "tez/Service/Api.h"
#include <charconv>
#include <iostream>
#include <sys/resource.h>

using namespace tez;
using namespace tez::service;

namespace {
struct ServeCommand {
  std::string database = "tez-registry.db", listen = "127.0.0.1:8080";
  http::ServerOptions options;
  size_t bodyMegabytes = 24;
  unsigned waitSeconds = 30;
  LogLevel log = LogLevel::Errors;

  void addTo(CLI::App &command);
  void run();

private:
  void parseListen();
};
} // namespace

void ServeCommand::addTo(CLI::App &command) {
  tool::addDatabaseOption(command, database);
  command.add_option("--listen", listen, "ADDRESS:PORT; port 0: any that is free")
      ->capture_default_str();
  command.add_option("--threads", options.threads, "that answer calls")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--most-calls", options.mostCalls, "under way at once; more get 429 Retry-After")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      .add_option("--most-waiting", options.mostWaiting,
                  "claims that wait for a blueprint at once; more are answered without one")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command.add_option("--most-wait", waitSeconds, "seconds that a claim may wait")
      ->check(CLI::Range(0, 60))
      ->capture_default_str();
  static const std::map<std::string, LogLevel> levels = {
      {"errors", LogLevel::Errors}, {"changes", LogLevel::Changes}, {"calls", LogLevel::Calls}};
  command
      .add_option("--log", log,
                  "to stderr, a JSON object a line: faults; changes too; each call too [errors]")
      ->transform(CLI::CheckedTransformer(levels))
      ->type_name("errors|changes|calls");
  command.add_option("--most-connections", options.mostConnections, "open at once")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--most-body", bodyMegabytes, "MiB of one request")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

/// 127.0.0.1:8080, [::1]:8080
void ServeCommand::parseListen() {
  size_t colon = listen.rfind(':');
  std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (port.empty() || fault != std::errc() || end != port.data() + port.size())
    throw CLI::ValidationError("--listen", "expected ADDRESS:PORT, found " + listen);
  options.address = listen.substr(0, colon);
  if (options.address.size() > 2 && options.address.front() == '[' && options.address.back() == ']')
    options.address = options.address.substr(1, options.address.size() - 2);
}

static void checkTokens(Store &store, const std::string &listen) {
  if (store.tokens().empty())
    throw std::runtime_error("on " + listen +
                             " everybody could reach the registry, and it has no tokens: make one "
                             "with `tez token add NAME --role=admin --db=...`, or listen on "
                             "127.0.0.1");
}

/// Each connection takes one; the usual limit of 1,024 is below --most-connections.
static void allowManyFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void ServeCommand::run() {
  parseListen();
  allowManyFiles();
  options.mostBodyBytes = bodyMegabytes << 20;
  Store store(openDatabase(database));
  bool loopback = http::isLoopback(options.address);
  auto api = makeApi(
      store, {.loopback = loopback, .log = log, .longestWait = std::chrono::seconds(waitSeconds)});
  http::Server server(options, *api);
  if (!loopback)
    checkTokens(store, listen);
  std::string address = options.address.find(':') == std::string::npos
                            ? options.address
                            : "[" + options.address + "]";
  std::cout << "listening on http://" << address << ":" << server.port() << std::endl;
  server.run();
}

void tool::addServe(CLI::App &app) {
  auto command = std::make_shared<ServeCommand>();
  CLI::App *sub = app.add_subcommand("serve", "serve blueprints and kernels over HTTP");
  sub->footer("Stops at SIGTERM once the calls under way are answered. Without tokens everybody on "
              "this machine may do everything; docs/registry.md tells more.");
  command->addTo(*sub);
  sub->callback([command] { command->run(); });
}
