//===- Tensors.cpp - Things as tensors ------------------------------------===//

#include "Translator.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

static ArrayRef<int64_t> shapeOf(Value value) { return typeOf(value).getShape(); }
static bool isFloat(Value value) { return isa<FloatType>(typeOf(value).getElementType()); }

bool Translator::expects(Value made) {
  failed |= !made;
  return bool(made);
}

Value Translator::full(Value like, double value, ArrayRef<int64_t> shape) {
  return make<esper::FullOp>(net, like, llvm::APFloat(value),
                             net.ops().getDenseI64ArrayAttr(shape));
}

Value Translator::fullLike(Value like, double value) {
  return make<esper::FullOp>(net, like, llvm::APFloat(value), DenseI64ArrayAttr());
}

/// What the remainder leaves, divided: a whole number but for the last bits. Not the quotient
/// rounded down, which makes 10 of 1.0 // 0.1.
Value Translator::floorDivision(Value left, Value right) {
  Value remainder = make<esper::RemainderOp>(net, left, right);
  Value whole = remainder ? make<esper::SubtractOp>(net, left, remainder) : Value();
  if (!whole)
    return {};
  Value rounded = activation("round", tensorBinary("/", whole, right));
  if (!isa<FloatType>(typeOf(left).getElementType()))
    return toInteger(rounded);
  Value none = make<esper::CompareOp>(net, esper::CompareKind::Eq, right, full(right, 0, {}));
  Value quotient = tensorBinary("/", left, right);
  return none && quotient ? make<esper::WhereOp>(net, none, quotient, rounded) : Value();
}

Value Translator::root(Value sums) {
  // The slope of a root is infinite at 0: sums that small are cut off in front of it, what is left
  // behind it.
  constexpr double kLeast = 1e-30, kRoot = 1.001e-15;
  Value kept = activation("threshold", sums, {kLeast, kLeast});
  return kept ? activation("threshold", activation("sqrt", kept), {kRoot, 0}) : Value();
}

Value Translator::activation(StringRef kind, Value input, ArrayRef<double> parameters) {
  Value made = make<esper::ActivationOp>(net, kind, parameters, toFloat(input));
  expects(made);
  return made;
}

Value Translator::reduce(Value input, esper::ReduceKind kind, ArrayRef<int64_t> dims, bool keepdim,
                         int64_t correction) {
  Value made = make<esper::ReduceOp>(net, input, kind, dims, keepdim, correction);
  expects(made);
  return made;
}

/// An input if there is one, else state.
Value Translator::anyFloat() {
  for (Value input : inputs)
    if (isa<RankedTensorType>(input.getType()) && isFloat(input))
      return input;
  for (Operation &op : *net.ops().getInsertionBlock())
    if (isa<esper::ParamOp, esper::BufferOp>(op) && isFloat(op.getResult(0)))
      return op.getResult(0);
  fail("a number is needed as a float tensor, but neither an input nor state is one");
  return {};
}

Value Translator::toFloat(Value value) {
  if (!value || isFloat(value))
    return value;
  Value like = anyFloat();
  Value made = like ? make<esper::TypeAsOp>(net, value, like) : Value();
  expects(made);
  return made;
}

Value Translator::toInteger(Value value, unsigned bits) {
  Type to = net.ops().getIntegerType(bits);
  if (!value || typeOf(value).getElementType() == to)
    return value;
  Value made = make<esper::ToIntegerOp>(net, value, to);
  expects(made);
  return made;
}

Value Translator::tensorOf(const Thing &thing, Value like) {
  if (failed)
    return {};
  switch (thing.kind) {
  case Is::Tensor:
    return thing.value;
  case Is::Size:
    return sizeAsTensor(thing);
  case Is::Bool:
  case Is::Int:
  case Is::Float: {
    Value of = like && (isFloat(like) || !thing.is(Is::Float)) ? like : anyFloat();
    return of ? full(of, thing.asDouble(), {}) : Value();
  }
  case Is::Given:
    fail("this input may be None here; test `is not None` first");
    return {};
  default:
    fail("expected a tensor, found " + describe(thing));
    return {};
  }
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

Value Translator::numelOf(Value value) {
  return reduce(toInteger(fullLike(value, 1)), esper::ReduceKind::Sum, {}, false);
}

/// Ones, of which those along the dimension are counted.
Value Translator::sizeAsTensor(const Thing &size) {
  Value ones = fullLike(size.value, 1);
  if (!ones)
    return {};
  ones.getDefiningOp()->setAttr(kCountsDims, net.ops().getUnitAttr());
  Value along = reduce(toInteger(ones), esper::ReduceKind::Sum, size.integer, true);
  return along ? reduce(along, esper::ReduceKind::Max, {}, false) : Value();
}

std::optional<std::vector<int64_t>> Translator::staticShape(const Things &sizes) {
  std::vector<int64_t> shape;
  for (const Thing &size : sizes) {
    if (!size.is(Is::Int)) {
      fail("expected a size known before the call, found " + describe(size));
      return std::nullopt;
    }
    shape.push_back(size.integer);
  }
  return shape;
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

namespace {
/// The dimensions that change, once what stays in front and behind is left out.
struct Middle {
  size_t first = 0, sourceEnd, targetEnd;
};
} // namespace

/// The size asked for is that of this dimension.
static bool isDim(const Thing &size, Value value, int64_t dim) {
  if (size.is(Is::Int))
    return size.integer == typeOf(value).getDimSize(dim);
  return size.is(Is::Size) &&
         Translator::originOf(size.value, size.integer) == Translator::originOf(value, dim);
}

static Middle middleOf(Value value, const Things &shape) {
  Middle middle{0, size_t(typeOf(value).getRank()), shape.size()};
  while (middle.first < middle.sourceEnd && middle.first < middle.targetEnd &&
         isDim(shape[middle.first], value, middle.first))
    ++middle.first;
  while (middle.sourceEnd > middle.first && middle.targetEnd > middle.first &&
         isDim(shape[middle.targetEnd - 1], value, middle.sourceEnd - 1)) {
    --middle.sourceEnd;
    --middle.targetEnd;
  }
  return middle;
}

/// Dimensions are counted from the right, so that more of them may lead.
static Value reshapeMiddle(NetBuilder &net, Value value, const Middle &middle,
                           ArrayRef<int64_t> sizes) {
  int64_t rank = typeOf(value).getRank(), count = middle.sourceEnd - middle.first;
  int64_t last = int64_t(middle.sourceEnd) - 1 - rank;
  if (count > 1)
    value = make<esper::FlattenOp>(net, value, int64_t(middle.first) - rank, last);
  if (value && sizes.size() > 1)
    value = make<esper::UnflattenOp>(net, value, last, sizes);
  return value;
}

/// (x.shape[0], ..., -1): the first dimensions stay, whatever the others are.
static bool flattensRest(Value value, const Things &shape) {
  if (shape.size() < 2 || int64_t(shape.size()) > typeOf(value).getRank() ||
      !shape.back().is(Is::Int) || shape.back().integer != -1)
    return false;
  for (auto [i, size] : llvm::enumerate(ArrayRef(shape).drop_back()))
    if (!size.is(Is::Size) || !size.counted || !isDim(size, value, i))
      return false;
  return true;
}

Value Translator::reshape(Value value, const Things &shape) {
  if (flattensRest(value, shape)) {
    Value made = make<esper::FlattenOp>(net, value, int64_t(shape.size()) - 1, -1);
    return expects(made) ? made : Value();
  }
  if (llvm::any_of(shape, [](const Thing &size) { return size.is(Is::Size) && size.counted; }))
    net.fixRank(value);
  SmallVector<int64_t> sizes;
  for (const Thing &size : shape)
    sizes.push_back(size.is(Is::Int) ? size.integer : -1);
  if (llvm::count(sizes, -1) <= 1) {
    Value made = make<esper::ReshapeOp>(net, value, sizes);
    return expects(made) ? made : Value();
  }
  Middle middle = middleOf(value, shape);
  ArrayRef<int64_t> changed = ArrayRef(sizes).slice(middle.first, middle.targetEnd - middle.first);
  bool same = middle.first == middle.sourceEnd && changed.empty();
  if (same)
    return value;
  if (middle.first == middle.sourceEnd || changed.empty() || llvm::count(changed, -1) > 1) {
    fail("cannot tell at compile time how a tensor of shape " +
         esper::dimsToString(shapeOf(value)) + " becomes one of these sizes");
    return {};
  }
  Value made = reshapeMiddle(net, value, middle, changed);
  return expects(made) ? made : Value();
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

Value Translator::copied(Value value) {
  return make<esper::ContiguousOp>(net, esper::MemoryFormat::Contiguous, value);
}

Thing Translator::detached(Value value) {
  Value made = make<esper::DetachOp>(net, value);
  aliases.insert(made);
  return expects(made) ? Thing::tensor(made) : Thing();
}

Value Translator::withType(Value value, RankedTensorType type) {
  if (!value)
    return {};
  if (isa<FloatType>(type.getElementType()))
    value = toFloat(value);
  else if (type.getElementType().isInteger(1) && !typeOf(value).getElementType().isInteger(1))
    value = make<esper::CompareOp>(net, esper::CompareKind::Ne, value, full(value, 0, {}));
  else if (!type.getElementType().isInteger(1))
    value = toInteger(value, type.getElementTypeBitWidth());
  if (!value || value.getType() == type)
    return value;
  if (typeOf(value).hasStaticShape() && typeOf(value).getNumElements() == 1 &&
      type.getRank() < typeOf(value).getRank())
    value = make<esper::ReshapeOp>(net, value, type.getShape());
  else if (std::optional<esper::Dims> dims = esper::broadcastDims(shapeOf(value), type.getShape());
           dims && type.hasStaticShape() && ArrayRef<int64_t>(*dims) == type.getShape())
    value = make<esper::ExpandAsOp>(net, value, full(value, 0, type.getShape()));
  if (value && value.getType() == type)
    return value;
  fail("expected a tensor of shape " + esper::dimsToString(type.getShape()) + ", found " +
       (value ? esper::dimsToString(shapeOf(value)) : std::string("another")));
  return {};
}
