//===- Compilation.cpp ----------------------------------------------------===//

#include "Compilation.h"
#include "Files.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Time.h"

using namespace tez;
using namespace tez::worker;
using Words = std::vector<std::string>;

// The exit codes of tez (README.md).
static constexpr int done = 0, badBlueprint = 1, invalid = 3;

namespace {
struct Attempt {
  const Job &job;
  const std::filesystem::path folder,
      blueprint = folder / "blueprint.json",
      kernel = folder / "compiled.pt"; // the signature holds its name
  const WorkerOptions &options;
  Compiler &compiler;
  const std::function<bool()> &givenUp;

  Compiler::Result compileAt(const char *tier, const Words &more);
  Compilation describe(const std::string &baseBecause);
  std::string said(const Compiler::Result &result) const;
};
} // namespace

Compiler::Result Attempt::compileAt(const char *tier, const Words &more) {
  Words words = {"compile",       blueprint.string(), "-o",
                 kernel.string(), "--for=train",      std::string("--tier=") + tier};
  if (!options.signKey.empty())
    words.push_back("--sign-key=" + options.signKey);
  words.insert(words.end(), more.begin(), more.end());
  return compiler.run(words, givenUp);
}

/// The diagnostics, without the name of a folder that is gone when they are read.
std::string Attempt::said(const Compiler::Result &result) const {
  std::string text = result.messages, prefix = folder.string() + "/";
  for (size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
    text.erase(at, prefix.size());
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text.empty() ? "tez ended with exit status " + std::to_string(result.exit) : text;
}

/// The kernel's own id, where it was made from this registry's id. Blueprints of the
/// same text without an id have one kernel id, and a row each.
static std::string rowIdOf(const Json &metadata, const std::string &blueprintId) {
  std::string id = textAt(metadata, "kernel_id");
  if (textAt(metadata, "blueprint_id") == blueprintId)
    return id;
  return "kernel-" + service::sha256Hex(id + "\n" + blueprintId);
}

Compilation Attempt::describe(const std::string &baseBecause) {
  Compiler::Result seen = compiler.run({"inspect", kernel.string(), "--json", "--brief"}, givenUp);
  auto inspection = parseJson(seen.output);
  if (seen.exit != done || !inspection || valueAt(*inspection, "whole") != Json(true))
    return {Compilation::End::Failed, "the kernel cannot be read back: " + said(seen), {}, {}};
  Json metadata = valueAt(*inspection, "metadata");
  if (textAt(metadata, "kernel_id").empty())
    return {Compilation::End::Failed, "the kernel has no kernel_id", {}, {}};
  metadata["compiled_kernel_id"] = metadata["kernel_id"];
  metadata["kernel_id"] = rowIdOf(metadata, job.id);
  metadata["blueprint_id"] = job.id;
  metadata["created_at"] = timeText(microsecondsNow());
  metadata["evidence"] = valueAt(*inspection, "evidence");
  if (!baseBecause.empty())
    metadata["base_compilation_because"] = baseBecause;
  return {Compilation::End::Kernel, {}, kernel, std::move(metadata)};
}

Compilation worker::compile(const Job &job, const std::filesystem::path &folder,
                            const WorkerOptions &options, Compiler &compiler,
                            const std::function<bool()> &givenUp) {
  Attempt attempt{
      .job = job, .folder = folder, .options = options, .compiler = compiler, .givenUp = givenUp};
  writeFile(attempt.blueprint, job.text);
  Compiler::Result result = attempt.compileAt("standard", options.compileOptions);
  std::string because;
  if (result.exit == invalid) {
    because = attempt.said(result);
    result = attempt.compileAt("fast", options.baseOptions);
  }
  if (result.exit == done)
    return attempt.describe(because);
  if (result.exit == invalid)
    return {Compilation::End::NotValidated,
            "optimized: " + because + "\nwithout optimization: " + attempt.said(result),
            {},
            {}};
  return {result.exit == badBlueprint ? Compilation::End::BadBlueprint : Compilation::End::Failed,
          attempt.said(result),
          {},
          {}};
}
