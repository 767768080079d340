//===- CompileArguments.cpp - Options of compile and bisect ---------------===//

#include "CompileArguments.h"
#include "tez/Native/Target.h"
#include "tez/Pipeline/PassNames.h"
#include "tez/Pipeline/Pipelines.h"
#include "tez/Support/Npy.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;

void tool::CompileArguments::addTo(CLI::App &command) {
  command.add_option("--for", purpose, "what the kernel is for")
      ->check(CLI::IsMember({"train", "infer"}));
  command.add_option("--target", options.target)->check(CLI::IsMember({"cpu", "cuda"}));
  command.add_option("--tier", options.tier, "how much to optimise")
      ->check(CLI::IsMember({"fast", "standard", "aggressive"}));
  command
      .add_option("--cpu", cpus,
                  "processors that --tier=aggressive makes machine code for (native; none: none)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--weights", options.weights, "state dict (.pt or .safetensors)");
  command.add_option("--seed", options.seed, "seed of the default initialisation")
      ->check(wholeNumber(UINT64_MAX));
  command.add_option("--precision", precision, "numbers that products are made of")
      ->check(CLI::IsMember({"fp32", "bf16", "fp16", "int8"}));
  command
      .add_option("--calibrate", samples,
                  "int8: an input of a call as .npy, in order; repeated, more calls follow")
      ->allow_extra_args(false); // or it would take the blueprint behind it
  command
      .add_option("--max-drop", options.quantization.maxDrop,
                  "int8: largest rms error, as a part of the result's rms")
      ->check(CLI::Range(0.0, 1.0));
  command.add_flag("--no-validate", noValidate, "do not run the kernel that was made");
  addSuiteOptions(command, options);
  command.add_option("--disable-pass", options.disabledPasses, "leave out the pass of this flag");
  command.add_option("--load-pass-plugin", options.plugins, "pass plugin (.so) to load");
  command.add_option("--plugin-pass", options.pluginPasses,
                     "pass of a plugin to run after simplify");
  addLimits(command);
  style.addTo(command);
}

void tool::addSuiteOptions(CLI::App &command, CompileOptions &options) {
  command.add_option("--checks", options.checks, "checks of the suite to run (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check([](const std::string &name) { return refuseUnknownCheck(name); });
  command
      .add_option("--bench-budget", options.benchBudget,
                  "milliseconds for measuring the kernel's speed; 0: none")
      ->check(CLI::Range(0.0, 1e6));
  command
      .add_option("--check-seconds", options.suiteLimits.cpuSeconds,
                  "seconds of processor for the suite; three times as many on the clock")
      ->check(CLI::Range(1, 1000000));
  command
      .add_option("--check-bytes", options.suiteLimits.memory,
                  "bytes of address space for the suite, beyond what this process has")
      ->check(wholeNumber(INT64_MAX));
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

Outcome tool::CompileArguments::finishPrecision() {
  auto refuse = [](const std::string &why) { return printError(why), Outcome::Usage; };
  bool int8 = options.precision == Precision::Int8;
  if (options.precision != Precision::Fp32 && options.purpose == Purpose::Train)
    return refuse("--precision=" + precision + " is for --for=infer: a kernel for training stays " +
                  "in fp32, and its host may run it under torch.autocast");
  if (int8 && options.target == "cuda")
    return refuse(
        "--precision=int8 is for --target=cpu: torch multiplies 8-bit numbers there only");
  if (!(options.quantization.maxDrop >= 0)) // CLI11 lets NaN through
    return refuse("--max-drop is a part between 0 and 1, found NaN");
  if (!samples.empty() && !int8 && !hasInt8Member)
    return refuse("--calibrate is for --precision=int8, found --precision=" + precision);
  return readSamples(samples, options.quantization.samples);
}

Outcome tool::readSamples(const std::vector<std::string> &paths, std::vector<Sample> &samples) {
  for (const std::string &path : paths) {
    std::string problem;
    std::optional<std::string> bytes = readFile(path, problem);
    if (!bytes)
      return printError(problem), Outcome::Environment;
    llvm::Expected<HostTensor> tensor = readNpy(*bytes, path);
    if (!tensor)
      return printError(llvm::toString(tensor.takeError())), Outcome::Usage;
    samples.push_back({path, std::move(*tensor)});
  }
  return Outcome::Done;
}

/// "native" is this machine's, by its name: a file says what it was made for.
Outcome tool::CompileArguments::finishProcessors() {
  bool given = !cpus.empty();
  if (!admitsMachineCode(options)) {
    if (given && cpus != std::vector<std::string>{"none"})
      return printError(
                 "--cpu is for --tier=aggressive --for=infer --target=cpu, and not for fp16"),
             Outcome::Usage;
    return Outcome::Done;
  }
  for (const std::string &cpu : given ? cpus : std::vector<std::string>{"native"}) {
    if (cpu == "none")
      continue;
    llvm::Expected<native::Target> target =
        native::findTarget(cpu, options.precision != Precision::Fp32);
    if (target)
      options.cpus.push_back(target->name);
    else if (given)
      return printError("--cpu: " + llvm::toString(target.takeError())), Outcome::Usage;
    else
      llvm::consumeError(target.takeError()); // the graph runs everywhere
  }
  return Outcome::Done;
}

Outcome tool::CompileArguments::finish() {
  options.purpose = purpose == "infer" ? Purpose::Infer : Purpose::Train;
  options.validate = !noValidate;
  options.precision = *parsePrecision(precision);
  if (Outcome wrong = finishPrecision(); wrong != Outcome::Done)
    return wrong;
  if (Outcome wrong = finishProcessors(); wrong != Outcome::Done)
    return wrong;
  if (llvm::Error error = checkPassNames(options))
    return printError(llvm::toString(std::move(error))), Outcome::Usage;
  return Outcome::Done;
}
