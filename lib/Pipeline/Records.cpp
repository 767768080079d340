//===- Records.cpp - What a kernel file says about itself -----------------===//

#include "Records.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "tez/Analysis/Cost.h"
#include "tez/Blueprint/Form.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Pipeline/Pipelines.h"
#include "tez/Support/Version.h"
#include "tez/Validate/Bound.h"
#include "tez/Validate/Validate.h"
#include "tez/Validate/VerdictJson.h"
#include <nlohmann/json.hpp>

using namespace mlir;
using namespace tez;
using Json = nlohmann::ordered_json;

/// The shape without its first dimension, -1 where a call decides.
static Json shapeJson(Type type) {
  Json shape = Json::array();
  for (int64_t dim : tensorTypeOf(type).getShape().drop_front(tensorTypeOf(type).getRank() ? 1 : 0))
    shape.push_back(ShapedType::isDynamic(dim) ? -1 : dim);
  return shape;
}

/// One shape, or a list of them where there are several.
static Json shapesJson(TypeRange types) {
  Json shapes = Json::array();
  for (Type type : types)
    shapes.push_back(shapeJson(type));
  return shapes.size() == 1 ? shapes.front() : shapes;
}

/// With the blueprint and what content_parts names by its hash, all that the bytes
/// depend on: `tez verify --rebuild` reads it (lib/Pipeline/Rebuild.cpp).
static Json optimizationFlags(const CompileOptions &options, MLIRContext *context) {
  Json flags = {
      {"for", name(options.purpose).str()},         {"tier", options.tier},
      {"precision", name(options.precision).str()}, {"disabled_passes", options.disabledPasses},
      {"plugins", options.plugins.size()},          {"plugin_passes", options.pluginPasses},
      {"pipeline", pipelineText(options, context)}};
  if (!options.cpus.empty())
    flags["cpus"] = options.cpus;
  if (!options.schedules.empty())
    flags["schedules"] = options.schedules;
  if (options.rewrites.most)
    flags["max_rewrites"] = *options.rewrites.most;
  if (options.precision == Precision::Int8) {
    flags["max_drop"] = options.quantization.maxDrop;
    flags["calibrated"] = !options.quantization.samples.empty();
  }
  return flags;
}

/// The graph names no device; some operators are of one alone.
static StringRef deviceOf(const CompileOptions &options) {
  if (options.purpose == Purpose::Infer && options.target == "cuda")
    return "cuda";
  return options.precision == Precision::Int8 ? "cpu" : "any";
}

/// Of one call at batch 1 with the weights as the blueprint has them, in 2^20 bytes.
static Json footprint(const KernelCost &cost, Purpose purpose) {
  if (!cost.inputs)
    return nullptr;
  int64_t peak = purpose == Purpose::Train ? cost.trainingPeak : cost.inferencePeak;
  return std::ceil(double(cost.stateBytes() + peak) / (1 << 20) * 1000) / 1000;
}

static Json partsJson(const Identity &identity) {
  Json parts = Json::object();
  for (const IdentityPart &part : identity.parts)
    parts[part.name] = part.value;
  return parts;
}

static Json testedTorch(const CompileResult &result) {
  Json evidence = Json::parse(result.evidence);
  return evidence["validated"] == true ? Json::array({result.identity->torch}) : Json::array();
}

/// What of KernelMetadata (wire formats, section 2) is known where the file is made;
/// what is not (its own checksum, measured times) stands outside.
static Json standardMetadata(const CompileOptions &options, const CompileResult &result,
                             esper::KernelOp kernel) {
  std::string created = describe(kernel, "created_at");
  KernelCost cost = analyzeCost(kernel);
  return {{"kernel_id", result.identity->kernelId},
          {"blueprint_id", describe(kernel, "id")},
          {"name", describe(kernel, "name")},
          {"input_shape", shapesJson(kernel.getArgumentTypes())},
          {"output_shape", shapesJson(kernel.getResultTypes())},
          {"parameter_count", result.parameterCount},
          {"device_requirements", {{"device", deviceOf(options).str()}}},
          {"memory_footprint_mb", footprint(cost, options.purpose)},
          {"compilation_target", options.target},
          {"optimization_flags", optimizationFlags(options, kernel.getContext())},
          {"performance_profile", {{"batch", 1}, {"flops", cost.flops}}},
          {"compatibility_version", "1.0"},
          {"created_at", created.empty() ? "1970-01-01T00:00:00Z" : created}};
}

std::string tez::onnxMetadata(const CompileOptions &options, int64_t parameters,
                              esper::KernelOp kernel) {
  std::string created = describe(kernel, "created_at");
  KernelCost cost = analyzeCost(kernel);
  Json json = {{"name", describe(kernel, "name")},
               {"input_shape", shapesJson(kernel.getArgumentTypes())},
               {"output_shape", shapesJson(kernel.getResultTypes())},
               {"parameter_count", parameters},
               {"device_requirements", {{"device", "any"}}},
               {"memory_footprint_mb", footprint(cost, Purpose::Infer)},
               {"compilation_target", "onnx"},
               {"optimization_flags", {{"for", name(Purpose::Infer).str()}}},
               {"performance_profile", {{"batch", 1}, {"flops", cost.flops}}},
               {"compatibility_version", "1.0"},
               {"created_at", created.empty() ? "1970-01-01T00:00:00Z" : created},
               {"seed", options.seed},
               {"own_weights", !options.weights.empty()},
               {"toolchain", {{"tezzeret", version}}}};
  return json.dump(1) + "\n";
}

static std::string metadata(const json::Source &source, const CompileOptions &options,
                            const CompileResult &result, esper::KernelOp kernel) {
  Json json = standardMetadata(options, result, kernel);
  json["content_id"] = result.identity->contentId;
  json["content_parts"] = partsJson(*result.identity);
  json["blueprint_form"] = blueprint::isMlir(source) ? "mlir" : "json";
  json["seed"] = options.seed;
  json["own_weights"] = !options.weights.empty();
  json["tolerances"] = {{"fp32", Bound::headline(0).absolute}, {"fp64", Bound::fp64().absolute}};
  json["tested_torch"] = testedTorch(result);
  json["toolchain"] = {{"tezzeret", version}, {"torch", result.identity->torch}};
  if (!options.repackedFrom.empty())
    json["repacked_from"] = options.repackedFrom;
  return json.dump(1) + "\n";
}

/// Of what the clock has no part in: the same kernel has the same evidence.
std::string tez::renderEvidence(const CompileOptions &options, const CompileResult &result) {
  std::vector<Verdict> lasting = result.verdicts;
  llvm::erase_if(lasting, [](const Verdict &verdict) { return dependsOnClock(verdict.check); });
  Json json = {{"validated", options.validate}};
  if (!options.checks.empty())
    json["checks"] = options.checks;
  json["verdicts"] = verdictsJson(lasting);
  return json.dump(1) + "\n";
}

/// Places by the names of fields alone: files have paths.
static std::string bytecode(mlir::ModuleOp reference) {
  OwningOpRef<mlir::ModuleOp> copy = reference.clone();
  copy->walk([](Operation *op) {
    auto named = dyn_cast<NameLoc>(op->getLoc());
    op->setLoc(named ? Location(NameLoc::get(named.getName())) : UnknownLoc::get(op->getContext()));
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          argument.setLoc(UnknownLoc::get(op->getContext()));
  });
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  if (failed(writeBytecodeToFile(*copy, stream, BytecodeWriterConfig("tezzeret"))))
    return "";
  return bytes;
}

ExtraRecords tez::makeRecords(const json::Source &source, const CompileOptions &options,
                              const CompileResult &result, mlir::ModuleOp reference) {
  auto kernel = *reference.getOps<esper::KernelOp>().begin();
  return {{"metadata.json", metadata(source, options, result, kernel)},
          {"evidence.json", result.evidence},
          {"blueprint", std::string(source.text())},
          {"kernel.mlirbc", bytecode(reference)}};
}
