//===- FunctionsShape.cpp - Views, copies, element types ------------------===//

#include "Names.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

static Thing sizesOf(const Arguments &a, StringRef name) {
  return a.has(name) ? a[name] : Thing::list({});
}

static Thing view(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  Thing sizes = sizesOf(a, "shape");
  if (!input)
    return {};
  if (sizes.is(Is::DType))
    return t.fail("a view under another element type is not in the subset");
  return Thing::tensor(t.reshape(input, sizes.is(Is::List) ? *sizes.elements : Things{sizes}));
}

static Thing flatten(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(input ? make<esper::FlattenOp>(t.net, input, a.integer("start_dim", 0),
                                                      a.integer("end_dim", -1))
                             : Value());
}
static Thing unflatten(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(
      input ? make<esper::UnflattenOp>(t.net, input, a.integer("dim", 0), a.integers("sizes"))
            : Value());
}
static Thing unsqueeze(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(input ? make<esper::UnsqueezeOp>(t.net, input, a.integer("dim", 0))
                             : Value());
}

/// Without a dimension all that are known to have size 1 go.
static Thing squeeze(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input || a.has("dim"))
    return Thing::tensor(input ? make<esper::SqueezeOp>(t.net, input, a.integer("dim", 0))
                               : Value());
  if (!typeOf(input).hasStaticShape())
    return t.fail("squeeze needs a dimension: which ones have size 1 is known at run time");
  for (int64_t dim = typeOf(input).getRank(); dim-- > 0 && input;)
    input = make<esper::SqueezeOp>(t.net, input, dim);
  return Thing::tensor(input);
}
static Thing transpose(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(
      input ? make<esper::TransposeOp>(t.net, input, a.integer("dim0", 0), a.integer("dim1", 1))
            : Value());
}
static Thing swapAxes(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(
      input ? make<esper::TransposeOp>(t.net, input, a.integer("axis0", 0), a.integer("axis1", 1))
            : Value());
}
static Thing permute(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(input ? make<esper::PermuteOp>(t.net, input, a.integers("dims")) : Value());
}

static Thing same(Translator &, const Arguments &a) { return Thing::tensor(a.tensor()); }
/// Equal, and another object: changes in place of one do not show in the other.
static Thing clone(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return Thing::tensor(input ? t.copied(input) : Value());
}
static Thing detach(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return input ? t.detached(input) : Thing();
}

//===----------------------------------------------------------------------===//
// Parts and wholes
//===----------------------------------------------------------------------===//

static Thing parts(Translator &t, Value input, ArrayRef<int64_t> sizes, int64_t dim) {
  auto split = t.net.create<esper::SplitOp>(input, sizes, dim);
  if (!split)
    return t.failed = true, Thing();
  Things made;
  for (Value part : split.getOutputs())
    made.push_back(Thing::tensor(part));
  return Thing::list(std::move(made));
}

/// Parts of `size` each, the last one smaller.
static Thing evenParts(Translator &t, Value input, int64_t size, int64_t dim) {
  std::optional<int64_t> index = esper::normalizeDim(dim, typeOf(input).getRank());
  if (!index || typeOf(input).isDynamicDim(*index) || size < 1)
    return t.fail("a tensor is split along a dimension of a known size");
  SmallVector<int64_t> sizes;
  for (int64_t left = typeOf(input).getDimSize(*index); left > 0; left -= size)
    sizes.push_back(std::min(left, size));
  return sizes.size() > 4096 ? t.fail("more than 4096 parts") : parts(t, input, sizes, dim);
}

static Thing chunk(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  int64_t count = a.integer("chunks", 1), dim = a.integer("dim", 0);
  std::optional<int64_t> index =
      input ? esper::normalizeDim(dim, typeOf(input).getRank()) : std::nullopt;
  if (!index || count < 1)
    return t.fail("expected a number of chunks and a dimension of the tensor");
  int64_t size = typeOf(input).getDimSize(*index);
  return evenParts(t, input, esper::isDynamic(size) ? 0 : (size + count - 1) / count, dim);
}

static Thing split(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input)
    return {};
  std::vector<int64_t> sizes = a.integers("size");
  return a["size"].is(Is::List)
             ? parts(t, input, sizes, a.integer("dim", 0))
             : evenParts(t, input, sizes.empty() ? 0 : sizes[0], a.integer("dim", 0));
}

/// The slices of size 1 along a dimension, without it.
static Thing unbind(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  int64_t dim = a.integer("dim", 0);
  Thing made = input ? evenParts(t, input, 1, dim) : Thing();
  if (t.failed)
    return {};
  for (Thing &part : *made.elements)
    if (part.value = make<esper::SqueezeOp>(t.net, part.value, dim); !t.expects(part.value))
      return {};
  return made;
}

static Value range(Translator &t, Value input, int64_t dim, int64_t start, int64_t length) {
  auto number = [&](int64_t n) { return t.net.ops().getI64IntegerAttr(n); };
  bool toEnd = start < 0 && start + length == 0;
  return make<esper::SliceOp>(t.net, input, number(dim), number(start),
                              toEnd ? IntegerAttr() : number(start + length), number(1));
}

/// Slices are cut off where the dimension ends; torch's narrow and select are errors there.
static bool isInside(Translator &t, const Arguments &a, Value input, int64_t start,
                     int64_t length) {
  std::optional<int64_t> dim =
      esper::normalizeDim(a.integer("dim", 0), input ? typeOf(input).getRank() : 0);
  if (t.failed || !input)
    return false;
  int64_t size = dim ? typeOf(input).getDimSize(*dim) : 0;
  if (!dim || esper::isDynamic(size))
    return t.fail("'" + a.function + "' is along a dimension of a known size"), false;
  if (a.integer("dim", 0) >= 0) // of more dimensions, it is another one with another size
    t.net.fixRank(input);
  int64_t from = start < 0 ? start + size : start;
  if (from < 0 || length < 0 || from + length > size)
    return t.fail("'" + a.function + "' goes beyond a dimension of " + Twine(size)), false;
  return true;
}

static Thing narrow(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  int64_t start = a.integer("start", 0), length = a.integer("length", 0);
  return isInside(t, a, input, start, length)
             ? Thing::tensor(range(t, input, a.integer("dim", 0), start, length))
             : Thing();
}

static Thing select(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  int64_t index = a.integer("index", 0), dim = a.integer("dim", 0);
  Value one = isInside(t, a, input, index, 1) ? range(t, input, dim, index, 1) : Value();
  return Thing::tensor(one ? make<esper::SqueezeOp>(t.net, one, dim) : Value());
}

static Thing concat(Translator &t, const Arguments &a) {
  if (!a["tensors"].is(Is::List) || a["tensors"].elements->empty())
    return t.fail("expected a list of tensors");
  SmallVector<Value> values;
  bool stacks = StringRef(a.function).ends_with("stack");
  int64_t dim = a.integer("dim", 0);
  for (const Thing &element : *a["tensors"].elements) {
    Value value = t.tensorOf(element);
    if (value && stacks)
      value = make<esper::UnsqueezeOp>(t.net, value, dim);
    if (!value)
      return {};
    values.push_back(value);
  }
  return Thing::tensor(make<esper::ConcatOp>(t.net, values, dim));
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

static Thing converted(Translator &t, Value value, int64_t code) {
  if (!value)
    return {};
  if (code == kFloat32)
    return Thing::tensor(t.toFloat(value));
  if (code == kInteger + 1)
    return t.compare("!=", Thing::tensor(value), Thing::whole(0));
  return Thing::tensor(t.toInteger(value, code - kInteger));
}

static Thing toAny(Translator &t, const Arguments &a) {
  Thing value = Thing::tensor(a.tensor());
  Things targets =
      a.has("target")
          ? *(a["target"].is(Is::List) ? a["target"] : Thing::list({a["target"]})).elements
          : Things();
  if (a.has("dtype"))
    targets.push_back(a["dtype"]);
  for (const Thing &target : targets) {
    if (target.is(Is::DType))
      value = converted(t, value.value, target.integer);
    else if (target.is(Is::Tensor) && isa<FloatType>(typeOf(target.value).getElementType()))
      value = converted(t, value.value, kFloat32);
    else if (!target.is(Is::Device) && !target.is(Is::String) && !target.is(Is::Tensor) &&
             !target.is(Is::Bool))
      return t.fail("cannot convert a tensor to " + describe(target));
  }
  return value;
}

template <int64_t Code> static Thing toType(Translator &t, const Arguments &a) {
  return converted(t, a.tensor(), Code);
}

//===----------------------------------------------------------------------===//
// Sizes and numbers
//===----------------------------------------------------------------------===//

static Thing size(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input)
    return {};
  Thing shape = t.attribute(Thing::tensor(input), "shape");
  if (!a.has("dim"))
    return shape;
  Thing made = t.sizeOf(input, a.integer("dim", 0));
  made.counted = a.integer("dim", 0) >= 0;
  if (made.is(Is::Int) && made.counted)
    t.net.fixRank(input);
  return made;
}

static Thing rank(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  return input ? t.attribute(Thing::tensor(input), "ndim") : Thing();
}

/// A tensor without dimensions takes the number's place.
static Thing item(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input || typeOf(input).getRank() == 0)
    return Thing::tensor(input);
  return Thing::tensor(make<esper::ReshapeOp>(t.net, input, ArrayRef<int64_t>()));
}

FunctionTable logic::shapeFunctions() {
  return {{"view", "m", "input *shape", view},
          {"reshape", "tm", "input *shape", view},
          {"flatten", "tm", "input start_dim end_dim", flatten},
          {"unflatten", "tm", "input dim sizes", unflatten},
          {"unsqueeze", "tm", "input dim", unsqueeze},
          {"squeeze", "tm", "input dim", squeeze},
          {"transpose", "tm", "input dim0 dim1", transpose},
          {"t", "tm", "input", transpose},
          {"permute", "tm", "input *dims", permute},
          {"swapaxes", "tm", "input axis0 axis1", swapAxes},
          {"swapdims", "tm", "input dim0 dim1", transpose},
          {"contiguous", "m", "input", same},
          {"clone", "tm", "input", clone},
          {"cpu", "m", "input", same},
          {"detach", "tm", "input", detach},
          {"chunk", "tm", "input chunks dim", chunk},
          {"split", "tm", "input size dim", split},
          {"unbind", "tm", "input dim", unbind},
          {"narrow", "tm", "input dim start length", narrow},
          {"select", "tm", "input dim index", select},
          {"cat", "t", "tensors dim", concat},
          {"concat", "t", "tensors dim", concat},
          {"stack", "t", "tensors dim", concat},
          {"to", "m", "input *target dtype", toAny},
          {"type", "m", "input *target dtype", toAny},
          {"type_as", "m", "input *target", toAny},
          {"float", "m", "input", toType<kFloat32>},
          {"long", "m", "input", toType<kInteger + 64>},
          {"int", "m", "input", toType<kInteger + 32>},
          {"char", "m", "input", toType<kInteger + 8>},
          {"bool", "m", "input", toType<kInteger + 1>},
          {"size", "m", "input dim", size},
          {"dim", "m", "input", rank},
          {"item", "m", "input", item}};
}
