//===- Repack.cpp - tez repack --------------------------------------------===//

#include "Rebuild.h"
#include "Sign.h"
#include "Trust.h"
#include "tez/Artifact/Archive.h"
#include "tez/Pipeline/Rebuild.h"
#include "tez/Torch/Runtime.h"
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

using namespace tez;

namespace {
/// The command line of one `tez repack`.
struct RepackCommand {
  std::string kernel, output, signKey;
  tool::TrustArguments trust; ///< of the file that is repacked
  tool::MissingArguments missing;

  void addTo(CLI::App &command);
  Outcome run();

private:
  CompileResult recompile(const std::string &bytecode, const Recipe &recipe);
  Outcome write(const std::string &bytes) const;

  std::string bytes; ///< of the file that is repacked
};
} // namespace

static Outcome fail(Outcome outcome, const std::string &path, llvm::Error error) {
  return tool::printError(path + ": " + llvm::toString(std::move(error))), outcome;
}

void RepackCommand::addTo(CLI::App &command) {
  command.add_option("KERNEL", kernel, "kernel file (.pt)")->required();
  command.add_option("-o,--output", output, "the new kernel file")->required();
  command.add_option("--sign-key", signKey, "secret key: also write the signature, OUTPUT.sig");
  trust.addTo(command);
  missing.addTo(command);
}

/// Parameters and buffers of a kernel file by their state-dict names.
static llvm::Expected<WeightStore> stateOf(llvm::StringRef bytes) {
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return runtime.takeError();
  auto loaded = (*runtime)->load(bytes);
  if (!loaded)
    return loaded.takeError();
  WeightStore store;
  for (const NamedTensors &tensors : {(*loaded)->parameters(), (*loaded)->buffers()})
    for (const auto &[name, tensor] : tensors)
      store.set(name, tensor);
  return store;
}

static bool sameState(const WeightStore &a, const WeightStore &b) {
  return a.names() == b.names() && llvm::all_of(a.names(), [&](const std::string &name) {
           const HostTensor &x = *a.lookup(name), &y = *b.lookup(name);
           return x.dtype() == y.dtype() && x.shape() == y.shape() &&
                  (x.numBytes() == 0 || std::memcmp(x.data(), y.data(), x.numBytes()) == 0);
         });
}

/// A kernel for training has the state that it was made with; one for inference may
/// have folded it.
CompileResult RepackCommand::recompile(const std::string &bytecode, const Recipe &recipe) {
  json::Source source(kernel + "/kernel.mlirbc", bytecode);
  json::DiagnosticList findings;
  CompileOptions options = recipe.options;
  CompileResult result;
  auto failWith = [&](llvm::Error error) {
    result.outcome = fail(Outcome::Environment, kernel, std::move(error));
    return std::move(result);
  };
  bool fromFile = options.weights == kernel;
  if (!fromFile)
    result = compile(source, options, findings);
  if (options.purpose == Purpose::Train && missing.given.weights.empty() &&
      (fromFile || result.outcome == Outcome::Done)) {
    llvm::Expected<WeightStore> old = stateOf(bytes);
    if (!old)
      return failWith(old.takeError());
    llvm::Expected<WeightStore> made = fromFile ? WeightStore() : stateOf(result.bytes);
    if (!made)
      return failWith(made.takeError());
    options.weights = kernel;
    if (fromFile || !sameState(*old, *made)) // the seed means other numbers now
      result = compile(source, options, std::move(*old), findings);
  }
  missing.style.print(source, findings.all());
  return result;
}

/// `made` with the blueprint that `old` was made from, rather than its bytecode.
static llvm::Expected<std::string> withBlueprint(llvm::StringRef made, const Recipe &recipe) {
  ExtraRecords records;
  for (const char *name : {"metadata.json", "evidence.json", "kernel.mlirbc"}) {
    llvm::Expected<std::string> content = readExtra(made, name);
    if (!content)
      return content.takeError();
    records[name] = std::move(*content);
  }
  records["blueprint"] = recipe.blueprint;
  auto metadata = nlohmann::ordered_json::parse(records["metadata.json"]);
  metadata["blueprint_form"] = recipe.isMlir ? "mlir" : "json";
  records["metadata.json"] = metadata.dump(1) + "\n";
  return sealArchive(made, records);
}

Outcome RepackCommand::write(const std::string &made) const {
  std::vector<std::pair<std::string, llvm::StringRef>> contents = {{output, made}};
  std::string signature;
  if (!signKey.empty()) {
    std::optional<std::string> secret = tool::readSecret(signKey);
    if (!secret)
      return Outcome::Environment;
    llvm::Expected<std::string> bundle = signFile(tool::signedName(output), made, *secret);
    if (!bundle)
      return fail(Outcome::Environment, signKey, bundle.takeError());
    signature = std::move(*bundle);
    contents.emplace_back(output + ".sig", signature);
  }
  return tool::writeTogether(contents);
}

Outcome RepackCommand::run() {
  if (tool::sameFile(kernel, output))
    return tool::printError(output + " is the kernel: name another file"), Outcome::Usage;
  std::string problem;
  std::optional<std::string> read = tool::readFile(kernel, problem);
  if (!read)
    return tool::printError(problem), Outcome::Environment;
  bytes = std::move(*read);
  // A signature of ours says that the kernel is good; whose it was is asked first.
  if (Outcome outcome = trust.check(kernel, bytes); outcome != Outcome::Done)
    return outcome;
  if (trust.keys.empty() && !signKey.empty())
    std::cerr << "warning: " << kernel
              << ": no --key was given, so whose it is was not looked at; the new file is signed "
                 "all the same\n";
  if (llvm::Error error = verifyArchive(bytes))
    return fail(Outcome::Invalid, kernel, std::move(error));
  Recipe recipe;
  if (Outcome wrong = missing.finish(kernel, bytes, recipe, /*weightsInFile=*/true);
      wrong != Outcome::Done)
    return wrong;
  llvm::Expected<std::string> bytecode = readExtra(bytes, "kernel.mlirbc");
  if (!bytecode)
    return fail(Outcome::Invalid, kernel, bytecode.takeError());
  recipe.options.validate = true;
  recipe.options.repackedFrom = sha256(bytes);
  CompileResult result = recompile(*bytecode, recipe);
  if (result.outcome != Outcome::Done)
    return result.outcome;
  llvm::Expected<std::string> made = withBlueprint(result.bytes, recipe);
  return made ? write(*made) : fail(Outcome::Environment, kernel, made.takeError());
}

void tool::addRepack(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<RepackCommand>();
  CLI::App *sub = app.add_subcommand(
      "repack", "make a kernel file anew from the bytecode and state in it, with this toolchain");
  command->addTo(*sub);
  sub->callback([command, &outcome] { outcome = command->run(); });
}
