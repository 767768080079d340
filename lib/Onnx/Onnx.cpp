//===- Onnx.cpp - A kernel as an ONNX model -------------------------------===//

#include "tez/Onnx/Onnx.h"
#include "Emitters.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Dialect/Esper/Unread.h"
#include "tez/Transforms/Passes.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static constexpr size_t mostBytes = (size_t(1) << 31) - (1 << 20); // protobuf's, and some for names

/// In evaluation mode, of ops that have emitters.
static OwningOpRef<mlir::ModuleOp> prepare(KernelOp kernel) {
  OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(kernel.getLoc());
  module->getBody()->push_back(kernel->clone());
  PassManager passes(kernel.getContext());
  passes.addNestedPass<KernelOp>(createSpecializeInfer());
  passes.addNestedPass<KernelOp>(createDecomposeComposites());
  if (failed(passes.run(*module)))
    return nullptr;
  for (Operation *op : unreadOps(*module->getOps<KernelOp>().begin()))
    op->erase();
  return module;
}

static std::string outputName(KernelOp kernel, unsigned i) {
  std::string name = "output";
  auto isInput = [&](const std::string &name) {
    return llvm::any_of(llvm::seq(kernel.getNumArguments()),
                        [&](unsigned i) { return kernel.getInputName(i) == name; });
  };
  if (kernel.getNumResults() > 1)
    name += std::to_string(i);
  while (isInput(name))
    name += "_";
  return name;
}

static void addInputs(KernelOp kernel, onnx::Graph &graph) {
  for (BlockArgument input : kernel.getBody().getArguments())
    if (auto type = dyn_cast<RankedTensorType>(input.getType())) {
      std::string name = kernel.getInputName(input.getArgNumber());
      graph.addInput(name, type);
      graph.set(input, name);
    }
}

template <typename Op>
static LogicalResult addState(KernelOp kernel, const WeightStore &weights, onnx::Graph &graph) {
  for (Op state : kernel.getBody().getOps<Op>()) {
    const HostTensor *tensor = weights.lookup(state.getName());
    if (!tensor)
      return state.emitOpError() << "has no value";
    if (graph.size() + tensor->numBytes() > mostBytes)
      return kernel.emitError() << "an ONNX model has at most 2 GiB, which the weights exceed at '"
                                << state.getName() << "'";
    graph.addInitializer(state.getName(), *tensor);
    graph.set(state.getValue(), state.getName().str());
  }
  return success();
}

static LogicalResult addNodes(KernelOp kernel, onnx::Graph &graph) {
  static const onnx::Emitters emitters;
  bool failed = false;
  for (Operation &op : kernel.getBody().front())
    if (!isa<ParamOp, BufferOp, FlagOp, ReturnOp>(op) && mlir::failed(emitters.emit(&op, graph)))
      failed = true; // the others are named as well
  return success(!failed);
}

FailureOr<std::string> tez::emitOnnx(KernelOp kernel, const WeightStore &weights) {
  OwningOpRef<mlir::ModuleOp> module = prepare(kernel);
  if (!module)
    return failure();
  KernelOp prepared = *module->getOps<KernelOp>().begin();
  onnx::Graph graph;
  addInputs(prepared, graph);
  for (unsigned i = 0; i < prepared.getNumResults(); ++i)
    graph.reserve(outputName(prepared, i));
  if (failed(addState<ParamOp>(prepared, weights, graph)) ||
      failed(addState<BufferOp>(prepared, weights, graph)) || failed(addNodes(prepared, graph)))
    return failure();
  for (auto [i, result] : llvm::enumerate(prepared.getReturn().getResults()))
    graph.addOutput(outputName(prepared, unsigned(i)), result);
  return graph.take(prepared.getSymName());
}
