//===- Importer.cpp - Blueprints to esper ---------------------------------===//

#include "InputNames.h"
#include "mlir/IR/Verifier.h"
#include "tez/Blueprint/DiagnosticBridge.h"
#include "tez/Blueprint/Form.h"
#include "tez/Dialect/Esper/FixedRank.h"
#include "tez/Json/Document.h"
#include "tez/Json/Text.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// The kernel around a body
//===----------------------------------------------------------------------===//

/// An input that says nothing about its shape has one leading dimension, which
/// leading_any then makes any number.
static RankedTensorType tensorType(const Input &input, MLIRContext *context) {
  if (input.type)
    return input.type;
  return RankedTensorType::get({ShapedType::kDynamic}, Float32Type::get(context));
}

static SmallVector<Type> argumentTypes(const Network &network, MLIRContext *context) {
  return llvm::map_to_vector(network.inputs, [&](const Input &input) -> Type {
    RankedTensorType tensor = tensorType(input, context);
    return input.optional ? Type(esper::OptionalType::get(context, tensor)) : Type(tensor);
  });
}

static void nameArguments(esper::KernelOp kernel, const Network &network) {
  MLIRContext *context = kernel.getContext();
  std::vector<std::string> names;
  for (const Input &input : network.inputs)
    names.push_back(input.name);
  for (auto [i, name] : llvm::enumerate(distinctIdentifiers(names))) {
    kernel.setArgAttr(i, "esper.name", StringAttr::get(context, name));
    ArrayRef<int64_t> declared = network.inputs[i].declared;
    if (!declared.empty())
      kernel.setArgAttr(i, "esper.declared_shape", DenseI64ArrayAttr::get(context, declared));
  }
}

static esper::KernelOp createKernel(const Network &network, Location location, OpBuilder &builder) {
  SmallVector<Type> types = argumentTypes(network, builder.getContext());
  auto kernel = esper::KernelOp::create(
      builder, location, identifier(network.description.get("name"), "kernel"),
      builder.getFunctionType(types, {}), /*arg_attrs=*/ArrayAttr(), /*res_attrs=*/ArrayAttr(),
      /*leading_any=*/false);
  SmallVector<Location> places(types.size(), location);
  builder.createBlock(&kernel.getBody(), {}, types, places);
  nameArguments(kernel, network);
  kernel->setAttr("tez.blueprint", network.description.attribute(builder.getContext()));
  return kernel;
}

static void finishKernel(esper::KernelOp kernel, NetBuilder &net, const Values &results) {
  SmallVector<Value> values;
  SmallVector<Attribute> names;
  for (const auto &[name, value] : net.updates()) {
    names.push_back(net.ops().getStringAttr(name));
    values.push_back(value);
  }
  esper::ReturnOp::create(net.ops(), kernel.getLoc(), results, values,
                          net.ops().getArrayAttr(names));
  kernel.setFunctionType(
      net.ops().getFunctionType(kernel.getArgumentTypes(), ValueRange(results).getTypes()));
  // One that may be left out is checked by nobody: None has no rank.
  for (unsigned i : net.argumentsOfFixedRank())
    if (isa<RankedTensorType>(kernel.getArgumentTypes()[i]))
      kernel.setArgAttr(i, esper::kFixedRank, net.ops().getUnitAttr());
}

//===----------------------------------------------------------------------===//
// Any number of leading dimensions
//===----------------------------------------------------------------------===//

/// One tensor with one open dimension, the first. (A dimension that is open
/// elsewhere may be what a loop over positions counts.)
static bool hasOneLeadingDimension(esper::KernelOp kernel) {
  if (kernel.getArgumentTypes().size() != 1)
    return false;
  auto type = dyn_cast<RankedTensorType>(kernel.getArgumentTypes().front());
  return type && !esper::hasFixedRank(kernel, 0) && type.getRank() > 0 && type.isDynamicDim(0) &&
         type.getNumDynamicDims() == 1;
}

/// The trait promises more leading dimensions; without any, these lack one.
static bool needsLeadingDimension(Operation &op) {
  if (isa<esper::CausalMaskOp, esper::RotaryEmbeddingOp>(op))
    return true;
  auto dropout = dyn_cast<esper::DropoutOp>(op);
  return dropout && (dropout.getKind() == esper::DropoutKind::Feature ||
                     dropout.getKind() == esper::DropoutKind::FeatureAlpha);
}

static bool acceptsAnyLeading(esper::KernelOp kernel) {
  return hasOneLeadingDimension(kernel) &&
         llvm::all_of(kernel.getBody().front(), [](Operation &op) {
           return !isa<esper::CostOpInterface>(op) ||
                  (op.hasTrait<esper::LeadingAgnostic>() && !needsLeadingDimension(op));
         });
}

//===----------------------------------------------------------------------===//
// Import
//===----------------------------------------------------------------------===//

static OwningOpRef<ModuleOp> build(const Network &network, FormContext &context) {
  Location location = locationOf(context.mlir, network.place);
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  esper::KernelOp kernel = createKernel(network, location, builder);
  Block &body = kernel.getBody().front();
  NetBuilder net(OpBuilder::atBlockEnd(&body), location, context.limits);
  Values results = network.build(net, body.getArguments());
  if (results.empty())
    return {};
  finishKernel(kernel, net, results);
  kernel.setLeadingAny(acceptsAnyLeading(kernel));
  return succeeded(verify(*module)) ? std::move(module) : OwningOpRef<ModuleOp>();
}

static OwningOpRef<ModuleOp> importJson(const json::Document &document, FormContext &context) {
  std::optional<json::Object> root = json::readObject(document.root(), context.sink);
  if (!root)
    return {};
  const Form *form =
      llvm::find_if(forms(), [&](const Form &candidate) { return candidate.matches(*root); });
  std::optional<Network> network = form->read(*root, context);
  if (!network)
    return {};
  network->description.text("form", form->name);
  return build(*network, context);
}

namespace {
/// Knows whether an error went by.
struct CountingSink : json::DiagnosticSink {
  explicit CountingSink(json::DiagnosticSink &to) : to(to) {}
  bool wantsMore(json::Severity severity) const override { return to.wantsMore(severity); }
  void report(json::Diagnostic diagnostic) override {
    errors += diagnostic.severity == json::Severity::Error;
    to.report(std::move(diagnostic));
  }
  json::DiagnosticSink &to;
  size_t errors = 0;
};
} // namespace

namespace {
/// An op in a message is no help to who wrote a blueprint.
struct WithoutOps {
  explicit WithoutOps(MLIRContext &context)
      : context(context), before(context.shouldPrintOpOnDiagnostic()) {
    context.printOpOnDiagnostic(false);
  }
  ~WithoutOps() { context.printOpOnDiagnostic(before); }
  MLIRContext &context;
  bool before;
};
} // namespace

OwningOpRef<ModuleOp> tez::blueprint::importBlueprint(const json::Source &source,
                                                      MLIRContext &context,
                                                      const ImportOptions &options,
                                                      json::DiagnosticSink &sink) {
  context.loadDialect<esper::EsperDialect>();
  WithoutOps quiet(context);
  CountingSink counter(sink);
  DiagnosticBridge bridge(&context, source, counter);
  FormContext formContext{&context, options.limits, counter};
  OwningOpRef<ModuleOp> module;
  if (isMlir(source))
    module = readMlir(source, formContext);
  else if (std::unique_ptr<json::Document> document = json::Document::parse(source, counter))
    module = importJson(*document, formContext);
  // A refusal without a reason would look like success to the caller's user.
  if (!module && counter.errors == 0)
    emitError(UnknownLoc::get(&context)) << "the blueprint was refused without a reason";
  if (counter.errors > 0)
    return {};
  return module;
}
