//===- tez.cpp - Blueprints in, kernels out -------------------------------===//

#include "Commands.h"
#include "Subcommands.h"
#include "tez/Support/LargePages.h"
#include "tez/Support/Version.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"
#include <new>
#include <unistd.h>

using namespace tez;

/// Memory that is not there ends the process in order: an exception would have
/// to pass through code that knows none.
[[noreturn]] static void endWithoutMemory() {
  constexpr char text[] = "error: there is not enough memory\n";
  (void)!::write(STDERR_FILENO, text, sizeof(text) - 1);
  llvm::sys::RunInterruptHandlers(); // removes files that are half written
  std::_Exit(int(Outcome::Environment));
}

/// CLI11 would ask for a subcommand, as if there were none.
static std::string refuseUnknownCommand(const CLI::App &app,
                                        const std::vector<std::string> &words) {
  if (words.empty() || words[0].starts_with("-"))
    return "";
  std::string known;
  for (const CLI::App *command : app.get_subcommands({})) {
    if (command->check_name(words[0]))
      return "";
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  return "there is no command '" + words[0] + "', expected one of " + known;
}

int tool::runCommand(const std::vector<std::string> &words) {
  CLI::App app("Compiles blueprints into trainable TorchScript kernels.\n"
               "Exit codes: 0 done; 1 the blueprint is at fault; 2 usage; 3 validation failed; "
               "4 environment (file, network, toolchain).",
               "tez");
  app.set_version_flag("--version", std::string("tez ") + tez::version);
  app.require_subcommand(1);
  Outcome outcome = Outcome::Done;
  tool::addCompile(app, outcome);
  tool::addChoose(app, outcome);
  tool::addBisect(app, outcome);
  tool::addCheck(app, outcome);
  tool::addInspect(app, outcome);
  tool::addJobs(app, outcome);
  tool::addRun(app, outcome);
  tool::addServe(app, outcome);
  tool::addSign(app, outcome);
  tool::addStats(app, outcome);
  tool::addValidate(app, outcome);
  tool::addRepack(app, outcome);
  if (std::string refusal = refuseUnknownCommand(app, words); !refusal.empty())
    return tool::printError(refusal), int(Outcome::Usage);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend())); // taken from the end
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : int(Outcome::Usage);
  } catch (const std::exception &error) {
    tool::printError(error.what());
    outcome = Outcome::Environment;
  }
  return int(outcome);
}

int main(int argc, char **argv) {
  growHeapInLargePages(); // validation forks
  std::set_new_handler(endWithoutMemory);
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { endWithoutMemory(); });
  int code = tool::runCommand({argv + std::min(argc, 1), argv + argc});
  // libtorch's threads and static destructors have nothing left to do.
  std::fflush(nullptr);
  std::_Exit(code);
}
