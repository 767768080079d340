//===- Inspect.cpp - tez inspect ------------------------------------------===//

#include "Inspection.h"
#include "Subcommands.h"
#include <iostream>
#include <memory>

using namespace tez;

namespace {
struct Arguments {
  std::string kernel;
  bool json = false, source = false, brief = false;
};
} // namespace

static Outcome inspect(const Arguments &wanted) {
  const std::string &path = wanted.kernel;
  std::string problem;
  auto bytes = tool::readFile(path, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  tool::Inspection found;
  found.path = path;
  if (llvm::Error error = tool::look(*bytes, context, !wanted.brief, found))
    return tool::printError(llvm::toString(std::move(error))), Outcome::Environment;
  if (wanted.json)
    return tool::printJson(found, wanted.source), Outcome::Done;
  tool::printText(found);
  if (wanted.source)
    std::cout << "\n" << found.source;
  return Outcome::Done;
}

void tool::addInspect(CLI::App &app, Outcome &outcome) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App *sub = app.add_subcommand("inspect", "show what is inside a kernel file");
  sub->footer("Nothing shown is proved: tez verify checks the signature.");
  sub->add_option("KERNEL", arguments->kernel, "kernel file (.pt)")->required();
  sub->add_flag("--json", arguments->json, "as JSON");
  sub->add_flag("--source", arguments->source, "also the TorchScript of forward");
  sub->add_flag("--brief", arguments->brief, "without an analysis of the operations");
  sub->callback([arguments, &outcome] { outcome = inspect(*arguments); });
}
