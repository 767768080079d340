//===- CompileArguments.cpp - Options of compile and bisect ---------------===//

#include "CompileArguments.h"
#include "tez/Pipeline/PassNames.h"

using namespace tez;

void tool::CompileArguments::addTo(CLI::App &command) {
  command.add_option("--for", purpose, "what the kernel is for")
      ->check(CLI::IsMember({"train", "infer"}));
  command.add_option("--target", options.target)->check(CLI::IsMember({"cpu", "cuda"}));
  command.add_option("--tier", options.tier, "how much to optimise")
      ->check(CLI::IsMember({"fast", "standard", "aggressive"}));
  command.add_option("--weights", options.weights, "state dict (.pt or .safetensors)");
  command.add_option("--seed", options.seed, "seed of the default initialisation")
      ->check(wholeNumber(UINT64_MAX));
  command.add_option("--precision", precision)->check(CLI::IsMember({"fp32"}));
  command.add_flag("--no-validate", noValidate, "do not run the kernel that was made");
  command.add_option("--disable-pass", options.disabledPasses, "leave out the pass of this flag");
  command.add_option("--load-pass-plugin", options.plugins, "pass plugin (.so) to load");
  command.add_option("--plugin-pass", options.pluginPasses,
                     "pass of a plugin to run after simplify");
  addLimits(command);
  style.addTo(command);
}

static void addLimit(CLI::App &command, const char *name, int64_t &limit, const char *what) {
  command.add_option(name, limit, what)->check(tool::wholeNumber());
}

void tool::CompileArguments::addLimits(CLI::App &command) {
  blueprint::Limits &limits = options.import.limits;
  addLimit(command, "--max-parameters", limits.parameters, "parameters in all");
  addLimit(command, "--max-layers", limits.layers, "layers or blocks in all");
  addLimit(command, "--max-parameter-bytes", limits.bytes, "bytes of parameters in all");
  addLimit(command, "--max-elements", limits.elements, "elements of an input or computed value");
}

Outcome tool::CompileArguments::finish() {
  options.purpose = purpose == "infer" ? Purpose::Infer : Purpose::Train;
  options.validate = !noValidate;
  if (llvm::Error error = checkPassNames(options))
    return printError(llvm::toString(std::move(error))), Outcome::Usage;
  return Outcome::Done;
}
