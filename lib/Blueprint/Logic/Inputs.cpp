//===- Inputs.cpp - What forward tells about its inputs -------------------===//
//
// A text does not say what shapes its inputs have. A translation starts with all
// sizes open and notes what the layers and operands that an input meets ask of it;
// the next one starts from that (ForwardLogic.cpp).
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"
#include "Translator.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

RankedTensorType InputGuess::type(MLIRContext *context) const {
  Type element = Float32Type::get(context);
  if (integer)
    element = IntegerType::get(context, 64);
  return RankedTensorType::get(dims, element);
}

void InputGuess::setRank(int64_t rank) {
  SmallVector<int64_t> made(rank, kAnySize);
  for (size_t i = 1; i <= std::min(made.size(), dims.size()); ++i)
    made[rank - i] = dims[dims.size() - i];
  dims = made;
}

bool logic::keepsShape(Operation *op) {
  return isa<esper::ActivationOp, esper::ScaleOp, esper::DetachOp, esper::DropoutOp, esper::NoiseOp,
             esper::RReluOp, esper::SoftmaxOp, esper::LogSoftmaxOp, esper::TypeAsOp,
             esper::ToIntegerOp, esper::CastOp, esper::LayerNormOp, esper::RmsNormOp,
             esper::ValueOrOp, esper::ContiguousOp, esper::CumsumOp>(op) ||
         (isa<esper::FullOp>(op) && !cast<esper::FullOp>(op).getShape());
}

bool logic::isArithmetic(Operation *op) {
  return isa<esper::AddOp, esper::SubtractOp, esper::MultiplyOp, esper::DivideOp, esper::MaximumOp,
             esper::MinimumOp, esper::CompareOp, esper::WhereOp, esper::RemainderOp,
             esper::SelectOp>(op);
}

static ArrayRef<int64_t> shapeOf(Value value) { return typeOf(value).getShape(); }

static RankedTensorType openType(Value value, int64_t rank) {
  return RankedTensorType::get(SmallVector<int64_t>(rank, kAnySize),
                               typeOf(value).getElementType());
}

void Translator::learn(Value value, RankedTensorType wanted) {
  if (!value || !wanted)
    return;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    SmallVector<int64_t> &dims = guesses[argument.getArgNumber()].dims;
    for (size_t i = 1; i <= std::min<size_t>(dims.size(), wanted.getRank()); ++i) {
      int64_t &dim = dims[dims.size() - i], size = wanted.getDimSize(wanted.getRank() - i);
      dim = esper::isDynamic(dim) ? size : dim;
    }
    return;
  }
  Operation *op = value.getDefiningOp();
  if (keepsShape(op))
    return learn(op->getOperand(0), wanted);
  if (isArithmetic(op))
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()) &&
          typeOf(operand).getRank() == typeOf(value).getRank())
        learn(operand, wanted);
  auto transpose = dyn_cast<esper::TransposeOp>(op);
  if (transpose && wanted.getRank() == typeOf(value).getRank()) {
    SmallVector<int64_t> dims(wanted.getShape());
    std::swap(dims[*esper::normalizeDim(transpose.getDim0(), dims.size())],
              dims[*esper::normalizeDim(transpose.getDim1(), dims.size())]);
    learn(transpose.getInput(), wanted.clone(dims));
  }
  auto reshape = dyn_cast<esper::ReshapeOp>(op);
  if (reshape && !wanted.getShape().empty() && !reshape.getShape().empty() &&
      typeOf(reshape.getInput()).getRank() > 0 && reshape.getShape().back() != -1)
    learn(reshape.getInput(),
          resized(openType(reshape.getInput(), 1), 0, wanted.getShape().back()));
}

void Translator::learnLast(Value value, int64_t size) {
  if (value && typeOf(value).getRank() > 0)
    learn(value, resized(openType(value, 1), 0, size));
}

/// Ops that give the numbers of their first operand in another shape.
static bool isView(Operation *op) {
  return isa<esper::ReshapeOp, esper::FlattenOp, esper::DetachOp, esper::SliceOp, esper::SqueezeOp,
             esper::UnsqueezeOp, esper::IndexOp, esper::SliceLikeOp>(op);
}

void Translator::learnInteger(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isView(op) && !isa<esper::ToIntegerOp>(op))
      return;
    value = op->getOperand(0);
  }
  guesses[cast<BlockArgument>(value).getArgNumber()].integer = true;
}

bool Translator::isAsGiven(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isView(op) &&
        !isa<esper::TransposeOp, esper::PermuteOp, esper::ValueOrOp, esper::ContiguousOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return true;
}

void Translator::learnRank(Value value, int64_t rank) {
  while (Operation *op = value.getDefiningOp()) {
    if (!keepsShape(op))
      return;
    value = op->getOperand(0);
  }
  guesses[cast<BlockArgument>(value).getArgNumber()].setRank(rank);
}

Thing Translator::sizeOf(Value value, int64_t dim) {
  std::optional<int64_t> index = esper::normalizeDim(dim, typeOf(value).getRank());
  if (!index)
    return fail("dimension " + Twine(dim) + " is outside of a tensor of shape " +
                esper::dimsToString(shapeOf(value)));
  if (!typeOf(value).isDynamicDim(*index))
    return Thing::whole(typeOf(value).getDimSize(*index));
  return {.kind = Is::Size, .integer = *index, .value = value};
}
