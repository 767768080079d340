//===- Emitters.cpp -------------------------------------------------------===//

#include "Emitters.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;

Emitters::Emitters() {
  addArithmetic();
  addActivations();
  addChoice();
  addConvolutions();
  addNorms();
  addPools();
  addProducts();
  addRecurrent();
  addReductions();
  addShapes();
}

LogicalResult Emitters::emit(Operation *op, Graph &graph) const {
  auto found = table.find(op->getName().getStringRef());
  if (found == table.end())
    return refuse(op, "nobody has written one yet"), failure();
  return found->second(op, graph);
}

Name onnx::refuse(Operation *op, const llvm::Twine &why) {
  op->emitOpError() << "has no ONNX form: " << why;
  return {};
}

SmallVector<int64_t> onnx::range(int64_t from, int64_t to) {
  return llvm::to_vector(llvm::seq(from, std::max(from, to)));
}

SmallVector<int64_t> onnx::bothEnds(ArrayRef<int64_t> padding) {
  SmallVector<int64_t> pads(padding);
  pads.append(padding.begin(), padding.end());
  return pads;
}
