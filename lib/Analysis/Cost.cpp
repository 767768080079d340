//===- Cost.cpp - What one evaluation of a kernel costs -------------------===//

#include "tez/Analysis/Cost.h"
#include "Bytes.h"
#include "Memory.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

int64_t KernelCost::stateBytes() const { return addSaturating(parameterBytes, bufferBytes); }

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// The shape of input `i` as declared, -1 and a dynamic first dimension being
/// `batch`; empty when another dimension stays open.
static std::optional<SmallVector<int64_t>> knownShape(KernelOp kernel, unsigned i, int64_t batch) {
  SmallVector<int64_t> shape(tensorTypeOf(kernel.getArgumentTypes()[i]).getShape());
  auto declared = kernel.getArgAttrOfType<DenseI64ArrayAttr>(i, "esper.declared_shape");
  bool fits = declared && declared.size() == int64_t(shape.size());
  for (auto [at, dim] : llvm::enumerate(shape)) {
    if (!ShapedType::isDynamic(dim))
      continue;
    if (fits)
      dim = declared[int64_t(at)] < 0 ? batch : declared[int64_t(at)];
    else if (at == 0)
      dim = batch;
    else
      return std::nullopt;
  }
  return shape;
}

/// The kernel at representative shapes, which are stored in `shapes`; null
/// when none fit.
static OwningOpRef<ModuleOp> atRepresentativeShapes(KernelOp kernel, int64_t batch,
                                                    InputShapes &shapes) {
  SmallVector<std::optional<SmallVector<int64_t>>> known;
  for (unsigned i = 0, e = kernel.getArgumentTypes().size(); i < e; ++i)
    known.push_back(knownShape(kernel, i, batch));
  // Declared shapes leave nothing open as a rule; a search is for the rest.
  if (llvm::all_of(known, [](const auto &shape) { return shape.has_value(); })) {
    for (const auto &shape : known)
      shapes.push_back(shape.value_or(SmallVector<int64_t>()));
    if (OwningOpRef<ModuleOp> fixed = withInputShapes(kernel, shapes))
      return fixed;
  }
  std::optional<InputShapes> smallest = smallestShapes(kernel, batch);
  if (!smallest)
    return nullptr;
  shapes = *smallest;
  for (auto [shape, declared] : llvm::zip(shapes, known))
    shape = declared.value_or(shape);
  if (OwningOpRef<ModuleOp> fixed = withInputShapes(kernel, shapes))
    return fixed;
  shapes = *smallest;
  return withInputShapes(kernel, shapes);
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

std::string tez::placeName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  std::string place = "-";
  location->walk([&](Location part) {
    auto file = dyn_cast<FileLineColLoc>(part);
    if (!file)
      return WalkResult::advance();
    StringRef path = file.getFilename().getValue();
    place = (path.substr(path.rfind('/') + 1) + ":" + Twine(file.getLine())).str();
    return WalkResult::interrupt();
  });
  return place;
}

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

namespace {
/// Walks a static copy of the kernel once, opening composites on the way: a
/// row belongs to the op as it was written, its expansion adds to that row.
struct Counter {
  Counter(KernelOp copy, KernelCost &cost) : body(copy.getBody().front()), cost(cost) {}

  void run() {
    for (Block::iterator at = body.begin(); at != body.end();) {
      Operation &op = *at;
      if (isa<CostOpInterface, CompositeOpInterface>(op) && !rows.contains(&op))
        addRow(op);
      if (auto composite = dyn_cast<CompositeOpInterface>(op)) {
        at = expand(composite);
        continue;
      }
      countPrimitive(op);
      ++at;
    }
  }

private:
  void addRow(Operation &op) {
    rows[&op] = cost.ops.size();
    OpCost row{op.getName().stripDialect().str(), placeName(op.getLoc()), op.getLoc(), {}};
    for (Type type : op.getResultTypes())
      row.outputs.emplace_back(cast<RankedTensorType>(type).getShape());
    if (auto stated = dyn_cast<CostOpInterface>(op))
      row.flops = stated.getFlops();
    else
      sumsParts.insert(cost.ops.size());
    cost.ops.push_back(std::move(row));
  }

  void countPrimitive(Operation &op) {
    auto found = rows.find(&op);
    if (found == rows.end())
      return;
    OpCost &row = cost.ops[found->second];
    row.activationBytes = addSaturating(row.activationBytes, storageOf(op));
    if (auto stated = dyn_cast<CostOpInterface>(op); stated && sumsParts.contains(found->second))
      row.flops += stated.getFlops();
    for (Value operand : op.getOperands())
      if (auto param = operand.getDefiningOp<ParamOp>(); param && counted.insert(param).second) {
        row.parameters = addSaturating(row.parameters, elementsOf(param.getType()));
        row.parameterBytes = addSaturating(row.parameterBytes, bytesOf(param.getType()));
      }
  }

  /// The first op of the expansion, or what follows an empty one.
  Block::iterator expand(CompositeOpInterface composite) {
    Operation *op = composite;
    size_t row = rows.lookup(op);
    // The address may be given to one of the new ops.
    rows.erase(op);
    Operation *before = op->getPrevNode();
    OpBuilder builder(op);
    op->replaceAllUsesWith(composite.decompose(builder));
    Block::iterator begin = before ? std::next(before->getIterator()) : body.begin();
    for (Operation &part : llvm::make_range(begin, op->getIterator()))
      rows[&part] = row;
    bool empty = begin == op->getIterator();
    Block::iterator after = std::next(op->getIterator());
    op->erase();
    return empty ? after : begin;
  }

  Block &body;
  KernelCost &cost;
  llvm::DenseMap<Operation *, size_t> rows;
  llvm::DenseSet<size_t> sumsParts; ///< rows of composites that state no FLOPs
  llvm::DenseSet<Operation *> counted;
};
} // namespace

static void countState(KernelOp kernel, KernelCost &cost) {
  for (Operation &op : kernel.getBody().front()) {
    if (!isa<ParamOp, BufferOp>(op))
      continue;
    bool trained = isa<ParamOp>(op);
    int64_t &count = trained ? cost.parameters : cost.buffers;
    int64_t &bytes = trained ? cost.parameterBytes : cost.bufferBytes;
    count = addSaturating(count, elementsOf(op.getResult(0).getType()));
    bytes = addSaturating(bytes, bytesOf(op.getResult(0).getType()));
  }
}

KernelCost tez::analyzeCost(KernelOp kernel, int64_t batch) {
  KernelCost cost;
  cost.trains = !kernel->hasAttr("esper.infer");
  countState(kernel, cost);
  InputShapes shapes;
  OwningOpRef<ModuleOp> copy = atRepresentativeShapes(kernel, batch, shapes);
  if (!copy)
    return cost;
  cost.inputs = std::move(shapes);
  auto fixed = cast<KernelOp>(copy->getBody()->front());
  for (Type type : fixed.getArgumentTypes())
    cost.inputBytes = addSaturating(cost.inputBytes, bytesOf(tensorTypeOf(type)));
  Counter(fixed, cost).run();
  for (const OpCost &row : cost.ops)
    cost.flops += row.flops;
  MemoryPeaks peaks = memoryPeaks(fixed);
  cost.inferencePeak = peaks.inference;
  cost.trainingPeak = peaks.training;
  return cost;
}
