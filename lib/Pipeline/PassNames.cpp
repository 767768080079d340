//===- PassNames.cpp - Flags of passes on command lines -------------------===//

#include "tez/Pipeline/PassNames.h"
#include "tez/Json/Text.h"
#include "tez/Pipeline/Pipelines.h"
#include <set>

using namespace mlir;
using namespace tez;

/// The flags in "builtin.module(esper.kernel(canonicalize{top-down=true},cse))": names
/// before a bracket are ops, braces hold options.
static void collectFlags(StringRef pipeline, std::set<std::string> &flags) {
  std::string word;
  int depth = 0;
  for (char c : pipeline) {
    depth += (c == '{') - (c == '}');
    if (depth > 0 || c == '{' || c == '}')
      continue;
    if (c != '(' && c != ')' && c != ',') {
      word += c;
      continue;
    }
    if (c != '(' && !word.empty())
      flags.insert(word);
    word.clear();
  }
}

/// Whatever the purpose, the tier and the target: a script may use the same options for all.
static std::set<std::string> pipelineFlags() {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::set<std::string> flags;
  auto collect = [&](Purpose purpose, const char *tier, Precision precision, const char *target) {
    CompileOptions options;
    options.purpose = purpose;
    options.tier = tier;
    options.precision = precision;
    options.target = target;
    collectFlags(pipelineText(options, &context), flags);
  };
  for (Purpose purpose : {Purpose::Train, Purpose::Infer})
    for (const char *tier : {"fast", "standard", "aggressive"})
      for (Precision precision : {Precision::Fp32, Precision::Bf16, Precision::Int8})
        for (const char *target : {"cpu", "cuda"})
          collect(purpose, tier, precision, target);
  return flags;
}

static llvm::Error checkNames(StringRef option, const std::vector<std::string> &given,
                              const std::set<std::string> &known) {
  std::vector<std::string_view> words(known.begin(), known.end());
  for (const std::string &name : given) {
    if (known.count(name))
      continue;
    std::string hint = json::didYouMean(name, words);
    if (hint.empty())
      hint = "there are " + json::quotedList(words, 64);
    return llvm::createStringError("--" + option + "=" + name + ": there is no such pass; " + hint);
  }
  return llvm::Error::success();
}

llvm::Error tez::checkPassNames(const CompileOptions &options) {
  if (options.disabledPasses.empty() && options.printBefore.empty() && options.printAfter.empty())
    return llvm::Error::success();
  std::set<std::string> known = pipelineFlags();
  if (llvm::Error error = checkNames("disable-pass", options.disabledPasses, known))
    return error;
  for (const std::string &name : options.disabledPasses)
    if (name == "esper-decompose-composites" || name == "esper-to-torchscript" ||
        name == "esper-convert-precision" || name == "esper-quantize-weights")
      return llvm::createStringError("--disable-pass=" + name +
                                     ": there is no kernel without this pass");
  for (const std::string &name : options.disabledPasses)
    if (options.precision != Precision::Fp32 &&
        (name == "esper-freeze-state" || name == "esper-specialize-infer"))
      return llvm::createStringError("--disable-pass=" + name + ": --precision=" +
                                     tez::name(options.precision) + " needs this pass");
  known.insert("all");
  known.insert(options.pluginPasses.begin(), options.pluginPasses.end());
  if (llvm::Error error = checkNames("print-ir-before", options.printBefore, known))
    return error;
  return checkNames("print-ir-after", options.printAfter, known);
}
