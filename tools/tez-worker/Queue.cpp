//===- Queue.cpp - tez submit, tez status, tez retry ----------------------===//

#include "Options.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <tuple>

using namespace tez;
using namespace tez::worker;

static constexpr int refusedExit = 1; ///< the blueprint is at fault (README.md)

namespace {
struct QueueCommand {
  explicit QueueCommand(int &exitCode) : exitCode(exitCode) {}
  std::string registry;
  std::vector<std::string> words; ///< files or ids
  int &exitCode;
  Stop stop;

  void each(const std::function<std::string(Connection &, const std::string &)> &action);
};
} // namespace

/// Prints a line for each word. What is refused does not keep the others back.
void QueueCommand::each(
    const std::function<std::string(Connection &, const std::string &)> &action) {
  Connection connection(tool::clientOptions(registry), stop);
  for (const std::string &word : words)
    try {
      std::cout << action(connection, word) << std::endl;
    } catch (const Refused &refused) {
      std::cerr << "error: " << word << ": " << refused.what() << "\n";
      exitCode = refusedExit;
    }
}

static std::string contentOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.empty())
    throw std::runtime_error(path + ": cannot be read, or is empty");
  return text;
}

/// The id in the blueprint; else the file's name without its end.
static std::string idOf(const std::string &path, const std::string &text) {
  auto json = parseJson(text);
  std::string id = json ? textAt(*json, "blueprint_id") : "";
  return id.empty() ? std::filesystem::path(path).stem().string() : id;
}

static std::string describe(const Json &blueprint) {
  std::string line = textAt(blueprint, "id") + "\t" + textAt(blueprint, "status");
  std::string reason = textAt(blueprint, "reason");
  return reason.empty() ? line : line + "\t" + toText(reason);
}

static std::string submit(Connection &connection, const std::string &path) {
  std::string text = contentOf(path);
  const char *parent = std::getenv("TRACEPARENT"); // of who calls this program, as others have it
  return describe(postBlueprint(connection, idOf(path, text), text, parent ? parent : ""));
}

static Json fetch(Connection &connection, const std::string &id) {
  return connection.askJson("GET", "/api/v1/blueprints/" + encoded(id));
}

static std::string show(Connection &connection, const std::string &id) {
  return describe(fetch(connection, id));
}

/// It has not come to an end.
static bool isOpen(const std::string &status) {
  return status == "unvalidated" || status == "compiling";
}

/// How many stand how; and whether some are still to come to an end.
static std::pair<std::string, bool> overview(Connection &connection) {
  Json all = connection.askJson("GET", "/api/v1/overview");
  std::string text;
  bool open = false;
  for (const auto &[status, count] : valueAt(all, "blueprints").items()) {
    text += (text.empty() ? "" : "\n") + status + "\t" + count.dump();
    open |= isOpen(status) && count != Json(0);
  }
  return {text, open};
}

static std::pair<std::string, bool> statesOf(Connection &connection,
                                             const std::vector<std::string> &ids) {
  std::string text;
  bool open = false;
  for (const std::string &id : ids) {
    Json blueprint = fetch(connection, id);
    text += (text.empty() ? "" : "\n") + describe(blueprint);
    open |= isOpen(textAt(blueprint, "status"));
  }
  return {text, open};
}

static std::string again(Connection &connection, const std::string &id) {
  return describe(connection.askJson("PUT", "/internal/v1/blueprints/" + encoded(id) + "/status",
                                     {{"status", "unvalidated"}}));
}

/// Of the words, or of all. With `watch` whenever it changes, until all have come to an end.
static void status(QueueCommand &command, bool watch) {
  Connection connection(tool::clientOptions(command.registry), command.stop);
  std::string before;
  for (bool open = true; open;) {
    std::string text;
    if (command.words.empty())
      std::tie(text, open) = overview(connection);
    else
      std::tie(text, open) = statesOf(connection, command.words);
    if (text != before)
      std::cout << (before.empty() ? "" : "\n") << text << std::endl;
    before = text;
    open &= watch && !command.stop.wait(Milliseconds(1000));
  }
}

using Action = std::string (*)(Connection &, const std::string &);

static void add(CLI::App &app, int &exitCode, const char *name, const char *what, const char *words,
                Action action) {
  auto command = std::make_shared<QueueCommand>(exitCode);
  CLI::App *sub = app.add_subcommand(name, what);
  tool::addRegistryOption(*sub, command->registry);
  sub->add_option(words, command->words)->required();
  sub->callback([=] { command->each(action); });
}

static void addStatus(CLI::App &app, int &exitCode) {
  auto command = std::make_shared<QueueCommand>(exitCode);
  auto watch = std::make_shared<bool>(false);
  CLI::App *sub = app.add_subcommand("status", "how blueprints of a registry stand");
  tool::addRegistryOption(*sub, command->registry);
  sub->add_option("ID", command->words, "blueprints; without one, how many stand how");
  sub->add_flag("--watch", *watch, "again when it changes, until all have come to an end");
  sub->callback([=] {
    if (*watch || command->words.empty())
      status(*command, *watch);
    else
      command->each(show);
  });
}

void tool::addQueueCommands(CLI::App &app, int &exitCode) {
  add(app, exitCode, "submit", "post blueprints to a registry", "FILE", submit);
  addStatus(app, exitCode);
  add(app, exitCode, "retry", "compile blueprints once more", "ID", again);
}
