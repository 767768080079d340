//===- Serve.cpp - The registry's and the worker's commands ---------------===//

#include "Subcommands.h"
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

using namespace tez;

/// Becomes a program beside tez that has neither LLVM nor torch in it, with the same words.
static Outcome become(const char *name, const char *command,
                      const std::vector<std::string> &words) {
  std::error_code error;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  std::string program = (folder / name).string();
  std::vector<char *> arguments = {program.data(), const_cast<char *>(command)};
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  tool::printError("cannot run " + program + ": " + std::strerror(errno) +
                   "; it belongs beside tez");
  return Outcome::Environment;
}

static void addCommand(CLI::App &app, Outcome &outcome, const char *program, const char *name,
                       const char *what) {
  CLI::App *sub = app.add_subcommand(name, what);
  sub->set_help_flag(); // the program has its own
  sub->prefix_command();
  sub->callback([=, &outcome] { outcome = become(program, name, sub->remaining()); });
}

void tool::addServe(CLI::App &app, Outcome &outcome) {
  addCommand(app, outcome, "tez-registry", "serve", "serve blueprints and kernels over HTTP");
  addCommand(app, outcome, "tez-registry", "token", "who may ask the registry for what");
  addCommand(app, outcome, "tez-worker", "worker", "turn a registry's blueprints into kernels");
  addCommand(app, outcome, "tez-worker", "submit", "post blueprints to a registry");
  addCommand(app, outcome, "tez-worker", "status", "how blueprints of a registry stand");
  addCommand(app, outcome, "tez-worker", "retry", "compile blueprints of a registry once more");
  addCommand(app, outcome, "tez-worker", "sweep", "remove what dead workers left in a store");
}
