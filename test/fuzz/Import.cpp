//===- Import.cpp - What the fuzzers of lib/Blueprint share ---------------===//

#include "Import.h"
#include "Forms/Probe.h"
#include "tez/Blueprint/Importer.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Json/Text.h"
#include <cstdlib>

using namespace mlir;
using namespace tez;

// In place of lib/Blueprint/Forms/Probe.cpp: in a child a crash would be an error of the file,
// and nobody would hear of it. What crashes in MLIR itself is kept from it by the target.

bool blueprint::survives(llvm::function_ref<void()> action) { return action(), true; }

std::optional<std::string> blueprint::resultOf(llvm::function_ref<std::string()> action, size_t) {
  return action();
}

/// LLVM's allocators mark memory in what is compiled here (inlined headers) and do not unmark it
/// in the shared libraries.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }

MLIRContext &fuzz::freshEnoughContext() {
  static std::unique_ptr<MLIRContext> context;
  static unsigned uses = 0;
  if (uses++ % 256 == 0) {
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
    context->loadDialect<esper::EsperDialect>();
  }
  return *context;
}

static void require(bool condition) {
  if (!condition)
    abort();
}

OwningOpRef<ModuleOp> fuzz::import(const std::string &name, std::string text,
                                   MLIRContext &context) {
  json::Source source(name, std::move(text));
  json::DiagnosticList findings;
  blueprint::ImportOptions options;
  options.limits.layers = 64;
  OwningOpRef<ModuleOp> module = blueprint::importBlueprint(source, context, options, findings);
  require(bool(module) == (findings.errorCount() == 0));
  for (const json::Diagnostic &finding : findings.all()) {
    require(!finding.message.empty() && finding.offset <= source.text().size());
    require(!json::renderText(source, finding).empty());
  }
  return module;
}

std::string fuzz::printed(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream);
  return text;
}

void fuzz::requireReadable(ModuleOp module) {
  std::string first = printed(module);
  OwningOpRef<ModuleOp> again = import("again.mlir", first, *module.getContext());
  require(again && printed(*again) == first);
}
