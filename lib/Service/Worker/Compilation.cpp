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
static const std::string baseTier = "fast";

static std::filesystem::path kernelOf(const Attempt &attempt) {
  return attempt.folder / kernelFile; // the signature holds its name
}

static Compiler::Result compileAt(const Attempt &attempt, const std::string &tier,
                                  const Words &more) {
  Words words = {"compile",     attempt.blueprint().string(),
                 "-o",          kernelOf(attempt).string(),
                 "--for=train", "--tier=" + tier};
  if (!attempt.options.signKey.empty())
    words.push_back("--sign-key=" + attempt.options.signKey);
  words.insert(words.end(), more.begin(), more.end());
  return attempt.compiler.run(words, attempt.givenUp);
}

std::string Attempt::said(const char *program, const Compiler::Result &result) const {
  std::string text = result.messages, prefix = folder.string() + "/";
  for (size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
    text.erase(at, prefix.size());
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text.empty()
             ? std::string(program) + " ended with exit status " + std::to_string(result.exit)
             : text;
}

std::string worker::rowIdOf(const std::string &name, const std::string &blueprintId) {
  return service::sha256Hex(name + "\n" + blueprintId);
}

/// The kernel's own id, where it was made from this registry's id.
static std::string kernelIdFor(const Json &metadata, const std::string &blueprintId) {
  std::string id = textAt(metadata, "kernel_id");
  return textAt(metadata, "blueprint_id") == blueprintId ? id
                                                         : "kernel-" + rowIdOf(id, blueprintId);
}

static Compilation describe(const Attempt &attempt, const std::string &baseBecause) {
  Compiler::Result seen = attempt.compiler.run(
      {"inspect", kernelOf(attempt).string(), "--json", "--brief"}, attempt.givenUp);
  auto inspection = parseJson(seen.output);
  if (seen.exit != done || !inspection || valueAt(*inspection, "whole") != Json(true))
    return {Compilation::End::Failed,
            "the kernel cannot be read back: " + attempt.said("tez", seen)};
  Json metadata = valueAt(*inspection, "metadata");
  if (textAt(metadata, "kernel_id").empty())
    return {Compilation::End::Failed, "the kernel has no kernel_id"};
  metadata["compiled_kernel_id"] = metadata["kernel_id"];
  metadata["kernel_id"] = kernelIdFor(metadata, attempt.job.id);
  metadata["blueprint_id"] = attempt.job.id;
  metadata["created_at"] = timeText(microsecondsNow());
  metadata["evidence"] = valueAt(*inspection, "evidence");
  if (!baseBecause.empty())
    metadata["base_compilation_because"] = baseBecause;
  return {Compilation::End::Kernel, {}, kernelOf(attempt), std::move(metadata)};
}

Compilation worker::compile(const Attempt &attempt) {
  writeFile(attempt.blueprint(), attempt.job.text);
  const WorkerOptions &options = attempt.options;
  Compiler::Result result = compileAt(attempt, options.tier, options.compileOptions);
  bool hasBase = options.tier != baseTier || options.compileOptions != options.baseOptions;
  std::string because;
  if (result.exit == invalid && hasBase) {
    because = attempt.said("tez", result);
    result = compileAt(attempt, baseTier, options.baseOptions);
  }
  if (result.exit == done)
    return describe(attempt, because);
  std::string said = attempt.said("tez", result);
  if (result.exit == invalid)
    return compileModel(
        attempt, {Compilation::End::NotValidated,
                  hasBase ? "optimized: " + because + "\nwithout optimization: " + said : said});
  return {result.exit == badBlueprint ? Compilation::End::BadBlueprint : Compilation::End::Failed,
          said};
}
