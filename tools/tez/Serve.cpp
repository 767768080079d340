//===- Serve.cpp - tez serve, tez token: a program of their own -----------===//

#include "Subcommands.h"
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

using namespace tez;

/// Becomes tez-registry, which has neither LLVM nor torch in it, with the same words.
static Outcome becomeRegistry(const char *command, const std::vector<std::string> &words) {
  std::error_code error;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  std::string program = (folder / "tez-registry").string();
  std::vector<char *> arguments = {program.data(), const_cast<char *>(command)};
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  tool::printError("cannot run " + program + ": " + std::strerror(errno) +
                   "; it belongs beside tez");
  return Outcome::Environment;
}

static void addRegistryCommand(CLI::App &app, Outcome &outcome, const char *name,
                               const char *what) {
  CLI::App *sub = app.add_subcommand(name, what);
  sub->set_help_flag(); // tez-registry has its own
  sub->prefix_command();
  sub->callback([sub, name, &outcome] { outcome = becomeRegistry(name, sub->remaining()); });
}

void tool::addServe(CLI::App &app, Outcome &outcome) {
  addRegistryCommand(app, outcome, "serve", "serve blueprints and kernels over HTTP");
  addRegistryCommand(app, outcome, "token", "who may ask the registry for what");
}
