//===- Inspect.cpp - tez inspect ------------------------------------------===//

#include "Subcommands.h"
#include "tez/Torch/Runtime.h"
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

using namespace tez;
using Json = nlohmann::ordered_json;

static Json tensorsJson(const NamedTensors &tensors) {
  Json list = Json::array();
  for (const auto &[name, tensor] : tensors)
    list.push_back(
        {{"name", name}, {"dtype", tez::name(tensor.dtype())}, {"shape", tensor.shape()}});
  return list;
}

static int64_t countElements(const NamedTensors &tensors) {
  int64_t count = 0;
  for (const auto &[name, tensor] : tensors)
    count += tensor.numElements();
  return count;
}

static void printTable(const char *title, const NamedTensors &tensors) {
  std::cout << title << ": " << tensors.size() << ", " << countElements(tensors) << " elements\n";
  for (const auto &[name, tensor] : tensors) {
    std::cout << "  " << name << "  " << tez::name(tensor.dtype()) << "[";
    for (size_t i = 0; i < tensor.shape().size(); ++i)
      std::cout << (i ? ", " : "") << tensor.shape()[i];
    std::cout << "]\n";
  }
}

static Outcome inspect(const std::string &path, bool asJson, bool source) {
  std::string problem;
  auto bytes = tool::readFile(path, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return tool::printError(llvm::toString(runtime.takeError())), Outcome::Environment;
  auto loaded = (*runtime)->load(*bytes);
  if (!loaded)
    return tool::printError(path + ": " + llvm::toString(loaded.takeError())), Outcome::Environment;
  NamedTensors parameters = (*loaded)->parameters(), buffers = (*loaded)->buffers();
  if (asJson) {
    Json report = {{"file", path},
                   {"bytes", bytes->size()},
                   {"parameter_count", countElements(parameters)},
                   {"parameters", tensorsJson(parameters)},
                   {"buffers", tensorsJson(buffers)}};
    if (source)
      report["source"] = (*loaded)->source();
    std::cout << report.dump(2) << "\n";
    return Outcome::Done;
  }
  std::cout << path << ": " << bytes->size() << " bytes\n";
  printTable("parameters", parameters);
  printTable("buffers", buffers);
  if (source)
    std::cout << (*loaded)->source();
  return Outcome::Done;
}

void tool::addInspect(CLI::App &app, Outcome &outcome) {
  struct Arguments {
    std::string kernel;
    bool json = false, source = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App *sub = app.add_subcommand("inspect", "show what is inside a kernel file");
  sub->add_option("KERNEL", arguments->kernel, "kernel file (.pt)")->required();
  sub->add_flag("--json", arguments->json, "as JSON");
  sub->add_flag("--source", arguments->source, "also the TorchScript of forward");
  sub->callback([arguments, &outcome] {
    outcome = inspect(arguments->kernel, arguments->json, arguments->source);
  });
}
