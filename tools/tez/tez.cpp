//===- tez.cpp - Blueprints in, kernels out -------------------------------===//

#include "Subcommands.h"

using namespace tez;

int main(int argc, char **argv) {
  CLI::App app("Compiles blueprints into trainable TorchScript kernels.\n"
               "Exit codes: 0 done; 1 the blueprint is at fault; 2 usage; 3 validation failed; "
               "4 environment (file, network, toolchain).",
               "tez");
  app.set_version_flag("--version", "tez 0.1.0");
  app.require_subcommand(1);
  Outcome outcome = Outcome::Done;
  tool::addCompile(app, outcome);
  tool::addBisect(app, outcome);
  tool::addCheck(app, outcome);
  tool::addInspect(app, outcome);
  tool::addRun(app, outcome);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : int(Outcome::Usage);
  }
  // libtorch's threads and static destructors have nothing left to do.
  std::fflush(nullptr);
  std::_Exit(int(outcome));
}
