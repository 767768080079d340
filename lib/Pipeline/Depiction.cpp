//===- Depiction.cpp - A kernel as plain values for a report --------------===//

#include "Depiction.h"
#include "tez/Analysis/Cost.h"
#include "tez/Pipeline/Identity.h"

using namespace mlir;
using namespace tez;

static std::string shapeText(ArrayRef<int64_t> shape) {
  std::string text;
  for (int64_t dim : shape)
    text += (text.empty() ? "" : "\xC3\x97") + std::to_string(dim);
  return text.empty() ? "scalar" : text;
}

static report::CostRow rowOf(const OpCost &op) {
  std::string outputs;
  for (const auto &shape : op.outputs)
    outputs += (outputs.empty() ? "" : ", ") + shapeText(shape);
  return {op.op,
          op.field,
          outputs,
          op.flops,
          double(op.parameters),
          double(op.parameterBytes),
          double(op.activationBytes),
          std::nullopt};
}

static std::string noteOn(esper::KernelOp kernel, const KernelCost &cost) {
  if (!cost.inputs)
    return "No input sizes up to 512 fit this kernel: its costs are unknown.";
  std::string note = "Counted on one forward evaluation of the kernel as it was written, for";
  for (auto [i, shape] : llvm::enumerate(*cost.inputs))
    note += (i ? ", " : " ") + kernel.getInputName(unsigned(i)) + " " + shapeText(shape);
  return note + ".";
}

Depiction tez::depict(ModuleOp module) {
  auto kernel = *module.getOps<esper::KernelOp>().begin();
  Depiction depiction;
  depiction.title = describe(kernel, "name");
  depiction.before = drawnGraph(module);
  KernelCost cost = analyzeCost(kernel);
  for (const OpCost &op : cost.ops)
    depiction.costs.push_back(rowOf(op));
  depiction.costNote = noteOn(kernel, cost);
  return depiction;
}

bool tez::listsRewrites(const Depiction &depiction) {
  static constexpr size_t mostOps = 150;
  return depiction.costs.size() <= mostOps;
}
