//===- Reductions.cpp - Sums, means, and the largest -----------------------===//

#include "Emitters.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

/// How many elements each result is made of, as an fp32 number.
static Name countOf(Name x, ArrayRef<int64_t> axes, Graph &g) {
  Name sizes = g.node("Shape", {x});
  if (!axes.empty())
    sizes = g.node("Gather", {sizes, g.integers(axes)});
  return g.cast(g.reduce("ReduceProd", sizes, {}, false), DType::f32);
}

/// The sum of squares of what is left of the mean, over the count less `correction`.
static Name variance(ReduceOp op, ArrayRef<int64_t> axes, Graph &g) {
  Name x = g(op.getInput());
  Name centred = g.subtract(x, g.reduce("ReduceMean", x, axes, true));
  Name sum = g.reduce("ReduceSum", g.multiply(centred, centred), axes, op.getKeepdim());
  return g.divide(sum, g.subtract(countOf(x, axes, g), g.number(double(op.getCorrection()))));
}

static Name reduction(ReduceOp op, Graph &g) {
  SmallVector<int64_t> axes;
  for (int64_t dim : op.getDims())
    axes.push_back(fromFront(dim, op.getInput()));
  switch (op.getKind()) {
  case ReduceKind::Sum:
    return g.reduce("ReduceSum", g(op.getInput()), axes, op.getKeepdim());
  case ReduceKind::Mean:
    return g.reduce("ReduceMean", g(op.getInput()), axes, op.getKeepdim());
  case ReduceKind::Max:
    return g.reduce("ReduceMax", g(op.getInput()), axes, op.getKeepdim());
  case ReduceKind::Min:
    return g.reduce("ReduceMin", g(op.getInput()), axes, op.getKeepdim());
  case ReduceKind::Var:
    return variance(op, axes, g);
  }
  return refuse(op, "nobody has written this reduction yet");
}

static LogicalResult topk(TopkOp op, Graph &g) {
  Names found = g.nodes("TopK", {g(op.getInput()), g.integers({int64_t(op.getK())})},
                        {{"axis", int64_t(op.getDim())}}, 2);
  g.set(op.getValues(), found[0]);
  g.set(op.getIndices(), found[1]);
  return success();
}

void Emitters::addReductions() {
  add<ReduceOp>(reduction);
  addSeveral<TopkOp>(topk);
  add<CumsumOp>([](CumsumOp op, Graph &g) {
    return g.node("CumSum", {g(op.getInput()), g.integer(int64_t(op.getDim()))});
  });
  add<OneHotOp>([](OneHotOp op, Graph &g) {
    return g.node("OneHot",
                  {g(op.getIndices()), g.integer(int64_t(op.getNumClasses())), g.integers({0, 1})});
  });
}
