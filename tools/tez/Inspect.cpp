//===- Inspect.cpp - tez inspect ------------------------------------------===//

#include "Inspection.h"
#include "Subcommands.h"
#include <iostream>
#include <memory>

using namespace tez;

static Outcome inspect(const std::string &path, bool asJson, bool source) {
  std::string problem;
  auto bytes = tool::readFile(path, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  tool::Inspection found;
  found.path = path;
  if (llvm::Error error = tool::look(*bytes, context, found))
    return tool::printError(llvm::toString(std::move(error))), Outcome::Environment;
  if (asJson)
    return tool::printJson(found, source), Outcome::Done;
  tool::printText(found);
  if (source)
    std::cout << "\n" << found.source;
  return Outcome::Done;
}

void tool::addInspect(CLI::App &app, Outcome &outcome) {
  struct Arguments {
    std::string kernel;
    bool json = false, source = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App *sub = app.add_subcommand("inspect", "show what is inside a kernel file");
  sub->footer("Nothing shown is proved: tez verify checks the signature.");
  sub->add_option("KERNEL", arguments->kernel, "kernel file (.pt)")->required();
  sub->add_flag("--json", arguments->json, "as JSON");
  sub->add_flag("--source", arguments->source, "also the TorchScript of forward");
  sub->callback([arguments, &outcome] {
    outcome = inspect(arguments->kernel, arguments->json, arguments->source);
  });
}
