//===- References.cpp - What a check of an ONNX model needs ---------------===//

#include "References.h"
#include "Subcommands.h"
#include "tez/Support/Npy.h"
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace tez;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {
/// The files of the folder, by their names there.
struct Files {
  std::vector<std::pair<std::string, std::string>> all;

  /// The name under which `tensor` is kept.
  std::string add(size_t call, const char *kind, size_t index, const HostTensor &tensor) {
    std::string name = std::to_string(call) + "-" + kind + std::to_string(index) + ".npy";
    all.emplace_back(name, writeNpy(tensor));
    return name;
  }
};
} // namespace

static Json callJson(size_t number, const ReferenceCall &call, Files &files) {
  Json inputs = Json::array(), outputs = Json::array();
  for (size_t i = 0; i < call.inputs.size(); ++i)
    inputs.push_back(files.add(number, "input", i, call.inputs[i]));
  for (size_t i = 0; i < call.outputs.size(); ++i)
    outputs.push_back({{"file", files.add(number, "output", i, call.outputs[i])},
                       {"absolute", call.bounds[i].absolute},
                       {"relative", call.bounds[i].relative}});
  return {{"inputs", inputs}, {"outputs", outputs}};
}

Outcome tool::writeReferences(const std::string &folder, const CompileResult &result) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return tool::printError(folder + ": " + failed.message()), Outcome::Environment;
  Files files;
  Json calls = Json::array();
  for (size_t i = 0; i < result.references.size(); ++i)
    calls.push_back(callJson(i, result.references[i], files));
  files.all.emplace_back("metadata.json", result.onnxMetadata);
  files.all.emplace_back("references.json", Json{{"calls", calls}}.dump(1) + "\n");
  std::vector<std::pair<std::string, llvm::StringRef>> contents;
  for (const auto &[name, content] : files.all)
    contents.emplace_back((fs::path(folder) / name).string(), content);
  return tool::writeTogether(contents);
}
