//===- Identity.cpp - What a kernel is and how it is made -----------------===//

#include "tez/Pipeline/Identity.h"
#include "tez/Artifact/Archive.h"
#include "tez/Pipeline/Compiler.h"
#include "tez/Support/Version.h"
#include "tez/Torch/Runtime.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace tez;

namespace {
/// Hashes texts and tensors one after the other; each says how long it is, so that
/// no two lists make the same bytes.
class Digest {
public:
  void add(StringRef text) {
    hasher.update(std::to_string(text.size()) + ":");
    hasher.update(text);
  }
  void add(const HostTensor &tensor) {
    add(tez::name(tensor.dtype()));
    for (int64_t dim : tensor.shape())
      add(std::to_string(dim));
    add(StringRef(tensor.data(), tensor.numBytes()));
  }
  std::string hex() { return hasher.hex(); }

private:
  Sha256 hasher;
};
} // namespace

std::string tez::describe(esper::KernelOp kernel, StringRef key) {
  auto blueprint = kernel->getAttrOfType<DictionaryAttr>("tez.blueprint");
  auto text = blueprint ? blueprint.getAs<StringAttr>(key) : StringAttr();
  return text ? text.str() : "";
}

/// Initialisers belong to the weights.
static std::string structureOf(esper::KernelOp reference) {
  MLIRContext *context = reference.getContext();
  OwningOpRef<esper::KernelOp> copy = reference.clone();
  (*copy)->removeAttr("tez.blueprint");
  copy->setSymName("kernel");
  auto none = esper::InitAttr::get(context, esper::InitKind::Constant, 0, 0, -1);
  for (Operation &op : copy->getBody().front())
    if (isa<esper::ParamOp, esper::BufferOp>(op))
      op.setAttr("init", none);
  std::string text;
  llvm::raw_string_ostream stream(text);
  (*copy)->print(stream, OpPrintingFlags().printGenericOpForm().useLocalScope());
  return sha256(text);
}

static std::string textOf(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  attribute.print(stream);
  return text;
}

/// The seed counts with given weights too: validation draws its inputs from it.
static std::string weightsOf(esper::KernelOp reference, uint64_t seed, const WeightStore *given) {
  Digest digest;
  digest.add((given ? "given, seed " : "initialised, seed ") + std::to_string(seed));
  for (Operation &op : reference.getBody().front()) {
    if (!isa<esper::ParamOp, esper::BufferOp>(op))
      continue;
    StringRef name = op.getAttrOfType<StringAttr>("name").getValue();
    digest.add(name);
    if (given)
      digest.add(*given->lookup(name));
    else
      digest.add(textOf(op.getAttr("init")));
  }
  return digest.hex();
}

std::optional<std::string> tez::digest(const std::vector<Sample> &samples) {
  if (samples.empty())
    return std::nullopt;
  Digest digest;
  for (const Sample &sample : samples)
    digest.add(sample.tensor);
  return digest.hex();
}

static std::string precisionOf(const CompileOptions &options) {
  if (options.precision != Precision::Int8)
    return name(options.precision).str();
  std::string text;
  llvm::raw_string_ostream(text) << "int8, max drop "
                                 << llvm::format("%.17g", options.quantization.maxDrop)
                                 << ", samples "
                                 << digest(options.quantization.samples).value_or("none");
  return text;
}

static void describeRewrites(const RewriteChoice &choice, std::vector<std::string> &parts) {
  if (choice.most)
    parts.push_back("at most " + std::to_string(*choice.most) + " rewrites");
  if (!choice.only)
    return;
  Digest digest;
  for (const AppliedRewrite &rewrite : *choice.only)
    digest.add(rewrite.key);
  parts.push_back("only rewrites " + digest.hex());
}

/// "as the tier says", or what differs from that. A plugin is what is in its file.
static llvm::Expected<std::string> passesOf(const CompileOptions &options) {
  std::vector<std::string> parts;
  std::vector<std::string> disabled = options.disabledPasses;
  llvm::sort(disabled);
  for (const std::string &pass : disabled)
    parts.push_back("without " + pass);
  for (const std::string &path : options.plugins) {
    auto file =
        llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!file)
      return llvm::createStringError(path + ": " + file.getError().message());
    parts.push_back("plugin " + sha256((*file)->getBuffer()));
  }
  for (const std::string &pass : options.pluginPasses)
    parts.push_back("with " + pass);
  describeRewrites(options.rewrites, parts);
  return parts.empty() ? "as the tier says" : llvm::join(parts, ", ");
}

static std::string contentIdOf(const std::vector<IdentityPart> &parts) {
  Digest digest;
  for (const IdentityPart &part : parts) {
    digest.add(part.name);
    digest.add(part.value);
  }
  return digest.hex();
}

/// 71 characters that are good in paths; the two ids may be of any length.
static std::string kernelIdOf(StringRef contentId, StringRef blueprintId) {
  Digest digest;
  digest.add(contentId);
  digest.add(blueprintId);
  return "kernel-" + digest.hex();
}

llvm::Expected<Identity> tez::identify(esper::KernelOp reference, const CompileOptions &options,
                                       const WeightStore *given) {
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return runtime.takeError();
  llvm::Expected<std::string> passes = passesOf(options);
  if (!passes)
    return passes.takeError();
  Identity identity;
  identity.torch = (*runtime)->version();
  identity.parts = {
      {"structure", structureOf(reference)},
      {"weights", weightsOf(reference, options.seed, given)},
      {"target", options.target},
      {"purpose", name(options.purpose).str()},
      {"tier", options.tier},
      {"precision", precisionOf(options)},
      {"passes", *passes},
      {"toolchain", "tezzeret " + std::string(version) + ", torch " + identity.torch}};
  if (!options.cpus.empty())
    identity.parts.push_back({"processors", llvm::join(options.cpus, ", ")});
  for (const auto &[processor, schedules] : options.schedules)
    for (const auto &[product, schedule] : schedules)
      identity.parts.push_back({"schedule of " + product + " on " + processor, schedule});
  identity.contentId = contentIdOf(identity.parts);
  identity.kernelId = kernelIdOf(identity.contentId, describe(reference, "id"));
  return identity;
}
