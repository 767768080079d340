//===- Queue.cpp - tez submit, tez status, tez retry ----------------------===//

#include "Options.h"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

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
  return describe(connection.askJson("POST", "/api/v1/blueprints",
                                     {{"id", idOf(path, text)}, {"architecture_ir", text}}));
}

static std::string show(Connection &connection, const std::string &id) {
  return describe(connection.askJson("GET", "/api/v1/blueprints/" + encoded(id)));
}

static std::string again(Connection &connection, const std::string &id) {
  return describe(connection.askJson("PUT", "/internal/v1/blueprints/" + encoded(id) + "/status",
                                     {{"status", "unvalidated"}}));
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

void tool::addQueueCommands(CLI::App &app, int &exitCode) {
  add(app, exitCode, "submit", "post blueprints to a registry", "FILE", submit);
  add(app, exitCode, "status", "how blueprints of a registry stand", "ID", show);
  add(app, exitCode, "retry", "compile blueprints once more", "ID", again);
}
