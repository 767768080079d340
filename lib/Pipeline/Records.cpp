//===- Records.cpp - What a kernel file says about itself -----------------===//

#include "Records.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Torch/Runtime.h"
#include "tez/Validate/VerdictJson.h"
#include <nlohmann/json.hpp>

using namespace mlir;
using namespace tez;
using Json = nlohmann::ordered_json;

static constexpr const char *kVersion = "0.1.0"; ///< of the compiler, as `tez --version` says

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

static std::string describe(esper::KernelOp kernel, StringRef key) {
  auto blueprint = kernel->getAttrOfType<DictionaryAttr>("tez.blueprint");
  auto text = blueprint ? blueprint.getAs<StringAttr>(key) : StringAttr();
  return text ? text.str() : "";
}

static Json optimizationFlags(const CompileOptions &options) {
  Json flags = {{"for", name(options.purpose).str()},
                {"tier", options.tier},
                {"precision", name(options.precision).str()},
                {"disabled_passes", options.disabledPasses}};
  return flags;
}

/// What of KernelMetadata (wire formats, section 2) is known where the file is made;
/// what is not (its own checksum, measured times) stands outside.
static std::string metadata(const CompileOptions &options, const CompileResult &result,
                            esper::KernelOp kernel) {
  std::string created = describe(kernel, "created_at");
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  std::string torch = runtime ? (*runtime)->version() : "";
  if (!runtime)
    llvm::consumeError(runtime.takeError());
  Json json = {{"blueprint_id", describe(kernel, "id")},
               {"name", describe(kernel, "name")},
               {"input_shape", shapesJson(kernel.getArgumentTypes())},
               {"output_shape", shapesJson(kernel.getResultTypes())},
               {"parameter_count", result.parameterCount},
               {"compilation_target", options.target},
               {"optimization_flags", optimizationFlags(options)},
               {"compatibility_version", "1.0"},
               {"created_at", created.empty() ? "1970-01-01T00:00:00Z" : created},
               {"seed", options.seed},
               {"own_weights", !options.weights.empty()},
               {"toolchain", {{"tezzeret", kVersion}, {"torch", torch}}}};
  return json.dump(1) + "\n";
}

/// Of what the clock has no part in: the same kernel has the same evidence.
static std::string evidence(const CompileOptions &options, const CompileResult &result) {
  std::vector<Verdict> lasting = result.verdicts;
  llvm::erase_if(lasting, [](const Verdict &verdict) { return verdict.check == "performance"; });
  Json json = {{"validated", options.validate}, {"verdicts", verdictsJson(lasting)}};
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
  return {{"metadata.json", metadata(options, result, kernel)},
          {"evidence.json", evidence(options, result)},
          {"blueprint", std::string(source.text())},
          {"kernel.mlirbc", bytecode(reference)}};
}
