//===- EvaluateRouting.cpp - Top-k and rotary positions -------------------===//

#include "Evaluator.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

static LogicalResult evaluateTopk(TopkOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t dim = wrapDim(op.getDim(), std::max<int64_t>(x.rank(), 1));
  bool last = x.rank() == 0 || dim == x.rank() - 1;
  TopK found = topK(last ? x : transpose(x, dim, -1), op.getK());
  Variable indices(found.indices);
  e.set(op.getValues(), last ? found.values : transpose(found.values, dim, -1));
  e.set(op.getIndices(), last ? indices : transpose(indices, dim, -1));
  return success();
}

/// The op's formula: out = x * cos + partner(x) * sin with signs, the partner
/// of feature 2i being 2i + 1.
static Variable rotary(RotaryEmbeddingOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t width = x.dim(-1), length = x.dim(-2), head = width / op.getNumHeads();
  Tensor cosines({length, width}), sines({length, width});
  std::vector<int64_t> partner(size_t(x.value().size()));
  for (int64_t s = 0; s < length; ++s)
    for (int64_t f = 0; f < width; ++f) {
      double power = double((f % head) / 2 * 2) / double(head);
      double angle = double(s) * std::pow(op.getBase().convertToDouble(), -power);
      cosines.mutableData()[s * width + f] = std::cos(angle);
      sines.mutableData()[s * width + f] = (f % 2 ? 1 : -1) * std::sin(angle);
    }
  for (size_t i = 0; i < partner.size(); ++i)
    partner[i] = int64_t(i % 2 ? i - 1 : i + 1);
  return add(multiply(x, cosines), multiply(gather(x, x.shape(), partner), sines));
}

void interp::addRouting(EvaluatorTable &table) {
  addRows<TopkOp>(table, evaluateTopk);
  addRow<RotaryEmbeddingOp>(table, rotary);
}
