//===- Model.cpp - The ONNX model where there is no kernel ----------------===//

#include "Child.h"
#include "Compilation.h"
#include "Files.h"
#include "tez/Service/Worker/Time.h"

using namespace tez;
using namespace tez::worker;

// The exit codes of tez (README.md) and tez-onnx-check.
static constexpr int done = 0, differs = 3;

namespace {
/// There is no model, or it is wrong.
struct NoModel : std::runtime_error {
  using std::runtime_error::runtime_error;
};
} // namespace

static std::filesystem::path modelOf(const Attempt &attempt) { return attempt.folder / modelFile; }
static std::filesystem::path referencesOf(const Attempt &attempt) {
  return attempt.folder / "references";
}

/// Its metadata, so far.
static Json emit(const Attempt &attempt) {
  std::vector<std::string> words = {
      "compile",     attempt.blueprint().string(),
      "-o",          modelOf(attempt).string(),
      "--emit=onnx", "--references=" + referencesOf(attempt).string()};
  const auto &more = attempt.options.onnxOptions;
  words.insert(words.end(), more.begin(), more.end());
  Compiler::Result result = attempt.compiler.run(words, attempt.givenUp);
  if (result.exit != done)
    throw NoModel(attempt.said("tez", result));
  auto metadata = parseJson(readFile(referencesOf(attempt) / "metadata.json"));
  if (!metadata || !metadata->is_object())
    throw NoModel("the model's metadata is no JSON object");
  return std::move(*metadata);
}

/// Adds "status" and what the checker found, or why it found nothing.
static void check(const Attempt &attempt, Json &metadata) {
  Compiler::Result result = runProgram(
      {attempt.options.onnxChecker, modelOf(attempt).string(), referencesOf(attempt).string()},
      attempt.options.limits, attempt.folder, attempt.givenUp);
  if (result.exit == differs)
    throw NoModel(attempt.said("tez-onnx-check", result));
  auto found = parseJson(result.output);
  bool checked = result.exit == done && found && found->is_object();
  metadata["status"] = checked ? "validated" : "testing";
  metadata["evidence"] = {{"validated", checked}};
  if (checked)
    metadata["evidence"].update(*found);
  else
    metadata["unchecked_because"] = attempt.said("tez-onnx-check", result);
}

static Json makeModel(const Attempt &attempt) {
  Json metadata = emit(attempt);
  check(attempt, metadata);
  metadata["file"] = modelFile;
  // Its bytes are the same whenever it is made; what nobody could check may be checked later.
  metadata["kernel_id"] = (metadata["status"] == "validated" ? "onnx-" : "onnx-unchecked-") +
                          rowIdOf(checksumOf(modelOf(attempt)), attempt.job.id);
  metadata["blueprint_id"] = attempt.job.id;
  metadata["created_at"] = timeText(microsecondsNow());
  return metadata;
}

Compilation worker::compileModel(const Attempt &attempt, Compilation otherwise) {
  try {
    Json metadata = makeModel(attempt);
    metadata["onnx_because"] = otherwise.reason;
    return {Compilation::End::Model, otherwise.reason, modelOf(attempt), std::move(metadata)};
  } catch (const NoModel &fault) {
    otherwise.reason += std::string("\nas ONNX model: ") + fault.what();
  } catch (const CompilerDied &fault) {
    otherwise.reason += std::string("\nas ONNX model: ") + fault.what();
  }
  return otherwise;
}
