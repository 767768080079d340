//===- Rebuild.cpp - tez verify --rebuild ---------------------------------===//

#include "Rebuild.h"
#include "CompileArguments.h"
#include "tez/Pipeline/PassNames.h"
#include "tez/Pipeline/Rebuild.h"
#include <iostream>

using namespace tez;

static Outcome fail(Outcome outcome, const std::string &path, llvm::Error error) {
  return tool::printError(path + ": " + llvm::toString(std::move(error))), outcome;
}

void tool::MissingArguments::addTo(CLI::App &command, CLI::Option *needed) {
  blueprint::Limits &limits = given.import.limits;
  std::vector<CLI::Option *> options = {
      command.add_option("--weights", given.weights, "state dict that the kernel was made with"),
      command.add_option("--calibrate", samples, "input that int8 was calibrated with; repeatable")
          ->allow_extra_args(false),
      command.add_option("--load-pass-plugin", given.plugins, "pass plugin that was loaded")};
  for (auto [name, limit] : {std::pair("--max-parameters", &limits.parameters),
                             std::pair("--max-layers", &limits.layers),
                             std::pair("--max-parameter-bytes", &limits.bytes),
                             std::pair("--max-elements", &limits.elements)})
    options.push_back(command.add_option(name, *limit, "as in tez compile")->check(wholeNumber()));
  if (needed)
    for (CLI::Option *option : options)
      option->needs(needed);
  style.addTo(command);
}

Outcome tool::MissingArguments::finish(const std::string &path, llvm::StringRef bytes,
                                       Recipe &recipe, bool weightsInFile) {
  if (Outcome wrong = readSamples(samples, given.quantization.samples); wrong != Outcome::Done)
    return wrong;
  llvm::Expected<Recipe> read = readRecipe(bytes);
  if (!read)
    return fail(Outcome::Invalid, path, read.takeError());
  recipe = std::move(*read);
  CompileOptions all = given;
  if (weightsInFile && recipe.ownWeights && recipe.options.purpose == Purpose::Train &&
      all.weights.empty())
    all.weights = path;
  if (llvm::Error error = complete(recipe, all))
    return fail(Outcome::Usage, path, std::move(error));
  if (llvm::Error error = checkPassNames(recipe.options))
    return fail(Outcome::Invalid, path, std::move(error));
  return Outcome::Done;
}

Outcome tool::rebuild(const std::string &path, llvm::StringRef bytes, MissingArguments &missing,
                      bool noValidate) {
  Recipe recipe;
  if (Outcome wrong = missing.finish(path, bytes, recipe); wrong != Outcome::Done)
    return wrong;
  bool withoutEvidence = noValidate && recipe.options.validate;
  recipe.options.validate &= !noValidate;
  json::Source source(path + (recipe.isMlir ? "/blueprint.mlir" : "/blueprint.json"),
                      recipe.blueprint);
  json::DiagnosticList findings;
  CompileResult result = compile(source, recipe.options, findings);
  missing.style.print(source, findings.all());
  if (result.outcome != Outcome::Done)
    return printError(path + ": the blueprint in it does not compile any more"), result.outcome;
  if (llvm::Error error = compareRebuilt(bytes, result.bytes, withoutEvidence))
    return fail(Outcome::Invalid, path + ": rebuilt, it is another file", std::move(error));
  std::cout << path << ": rebuilt from its blueprint, "
            << (withoutEvidence ? "the same but for the evidence, which was not made again\n"
                                : "the same bytes\n");
  return Outcome::Done;
}
