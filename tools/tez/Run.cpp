//===- Run.cpp - tez run --------------------------------------------------===//

#include "Subcommands.h"
#include "tez/Support/AtomicFile.h"
#include "tez/Support/Npy.h"
#include <iostream>
#include <memory>

using namespace tez;

namespace {
struct RunCommand {
  std::string kernel;
  std::vector<std::string> inputs, outputs;
  bool training = false;
  uint64_t seed = 0;

  Outcome run();

private:
  Outcome fail(llvm::Error error) const {
    tool::printError(llvm::toString(std::move(error)));
    return Outcome::Environment;
  }
  std::string refuseOverwriting() const;
  llvm::Expected<RunRequest> makeRequest() const;
  Outcome writeOutputs(const RunResult &result) const;
};
} // namespace

/// "" unless an output would take the place of what is read, or of another output.
std::string RunCommand::refuseOverwriting() const {
  std::vector<std::string> taken = inputs;
  taken.push_back(kernel);
  for (const std::string &output : outputs) {
    for (const std::string &other : taken)
      if (tool::sameFile(output, other))
        return "--output " + output + " would overwrite " + other;
    taken.push_back(output);
  }
  return "";
}

llvm::Expected<RunRequest> RunCommand::makeRequest() const {
  RunRequest request;
  request.training = training;
  request.seed = seed;
  for (const std::string &path : inputs) {
    std::string problem;
    auto bytes = tool::readFile(path, problem);
    if (!bytes)
      return llvm::createStringError(problem);
    llvm::Expected<HostTensor> tensor = readNpy(*bytes, path);
    if (!tensor)
      return tensor.takeError();
    request.inputs.push_back(std::move(*tensor));
  }
  return request;
}

static std::string shapeText(const HostTensor &tensor) {
  std::string text = std::string(name(tensor.dtype())) + "[";
  for (size_t i = 0; i < tensor.shape().size(); ++i)
    text += (i ? ", " : "") + std::to_string(tensor.shape()[i]);
  return text + "]";
}

Outcome RunCommand::writeOutputs(const RunResult &result) const {
  for (size_t i = 0; i < result.outputs.size(); ++i) {
    const HostTensor &output = result.outputs[i];
    std::cout << "output " << i << ": " << shapeText(output);
    if (i < outputs.size()) {
      if (llvm::Error error = writeFileAtomically(outputs[i], writeNpy(output)))
        return fail(std::move(error));
      std::cout << " -> " << outputs[i];
    }
    std::cout << "\n";
  }
  return Outcome::Done;
}

Outcome RunCommand::run() {
  if (std::string refusal = refuseOverwriting(); !refusal.empty())
    return tool::printError(refusal), Outcome::Usage;
  std::string problem;
  auto bytes = tool::readFile(kernel, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  llvm::Expected<RunRequest> request = makeRequest();
  if (!request)
    return fail(request.takeError());
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return fail(runtime.takeError());
  auto loaded = (*runtime)->load(*bytes);
  if (!loaded)
    return fail(loaded.takeError());
  llvm::Expected<RunResult> result = (*loaded)->run(*request);
  if (!result)
    return fail(result.takeError());
  return writeOutputs(*result);
}

void tool::addRun(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<RunCommand>();
  CLI::App *sub = app.add_subcommand("run", "run a kernel file once");
  sub->add_option("KERNEL", command->kernel, "kernel file (.pt)")->required();
  sub->add_option("--input", command->inputs, "an input as .npy, in the kernel's order");
  sub->add_option("--output", command->outputs, "where to write an output as .npy, in order");
  sub->add_flag("--train", command->training, "run in training mode");
  sub->add_option("--seed", command->seed, "seed of torch's generator")
      ->check(wholeNumber(UINT64_MAX));
  sub->callback([command, &outcome] { outcome = command->run(); });
}
