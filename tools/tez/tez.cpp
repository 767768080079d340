//===- tez.cpp - Blueprints in, kernels out -------------------------------===//

#include "Subcommands.h"
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

int main(int argc, char **argv) {
  CLI::App app("Compiles blueprints into trainable TorchScript kernels.\n"
               "Exit codes: 0 done; 1 the blueprint is at fault; 2 usage; 3 validation failed; "
               "4 environment (file, network, toolchain).",
               "tez");
  app.set_version_flag("--version", std::string("tez ") + tez::version);
  app.require_subcommand(1);
  std::set_new_handler(endWithoutMemory);
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { endWithoutMemory(); });
  Outcome outcome = Outcome::Done;
  tool::addCompile(app, outcome);
  tool::addChoose(app, outcome);
  tool::addBisect(app, outcome);
  tool::addCheck(app, outcome);
  tool::addInspect(app, outcome);
  tool::addRun(app, outcome);
  tool::addSign(app, outcome);
  tool::addStats(app, outcome);
  tool::addValidate(app, outcome);
  tool::addRepack(app, outcome);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : int(Outcome::Usage);
  } catch (const std::exception &error) {
    tool::printError(error.what());
    outcome = Outcome::Environment;
  }
  // libtorch's threads and static destructors have nothing left to do.
  std::fflush(nullptr);
  std::_Exit(int(outcome));
}
