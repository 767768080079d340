//===- FunctionsCopies.cpp - Elements repeated and moved along ------------===//

#include "Names.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

//===----------------------------------------------------------------------===//
// expand
//===----------------------------------------------------------------------===//

/// The sizes that the sum with zeros has to add: 1 where a dimension stays. nullopt after an error.
static std::optional<Things> sizesToAdd(Translator &t, Value input, const Things &sizes) {
  Things made;
  int64_t shift = int64_t(sizes.size()) - typeOf(input).getRank();
  if (shift < 0)
    return t.fail("expand to " + Twine(sizes.size()) + " sizes of a tensor of " +
                  Twine(typeOf(input).getRank()) + " dimensions"),
           std::nullopt;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    int64_t dim = int64_t(i) - shift;
    bool same = size.is(Is::Size) && dim >= 0 &&
                Translator::originOf(size.value, size.integer) == Translator::originOf(input, dim);
    bool keeps = size.is(Is::Int) && size.integer == -1;
    if ((keeps && dim < 0) || (size.is(Is::Int) && size.integer < -1) ||
        !(size.is(Is::Int) || size.is(Is::Size)))
      return t.fail("expand: expected a size, or -1 for a dimension that the tensor has, found " +
                    describe(size)),
             std::nullopt;
    if (size.is(Is::Size) && size.counted)
      t.net.fixRank(size.value);
    made.push_back(same || keeps ? Thing::whole(1) : size);
  }
  return made;
}

/// Broadcast against zeros of the wanted sizes.
static Value expandTo(Translator &t, Value input, const Things &sizes) {
  std::optional<Things> added = sizesToAdd(t, input, sizes);
  if (!added)
    return {};
  bool known = llvm::none_of(*added, [](const Thing &size) { return size.is(Is::Size); });
  std::optional<std::vector<int64_t>> shape =
      known ? t.staticShape(*added) : std::optional<std::vector<int64_t>>();
  Value zeros = known ? t.full(input, 0, *shape) : filled(t, *added, 0);
  if (!zeros)
    return {};
  Type element = typeOf(input).getElementType();
  if (isa<FloatType>(element) || (known && !element.isInteger(1)))
    return t.binary("+", Thing::tensor(input), Thing::tensor(zeros)).value;
  Value own = t.toFloat(t.fullLike(input, 0)), all = own ? t.toFloat(zeros) : Value();
  Value like = all ? make<esper::AddOp>(t.net, own, all) : Value();
  return like ? make<esper::ExpandAsOp>(t.net, input, like) : Value();
}

static Thing expand(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input || !a["sizes"].is(Is::List))
    return input ? t.fail("'" + a.function + "' needs sizes") : Thing();
  return Thing::tensor(expandTo(t, input, *a["sizes"].elements));
}
static Thing expandAs(Translator &t, const Arguments &a) {
  Value input = a.tensor(), other = a.tensor("other");
  return Thing::tensor(input && other ? make<esper::ExpandAsOp>(t.net, input, other) : Value());
}

//===----------------------------------------------------------------------===//
// repeat
//===----------------------------------------------------------------------===//

static constexpr int64_t kMostCopies = 256;

/// Copies one after the other, `times` for each dimension.
static Value repeatTo(Translator &t, Value input, const Things &times) {
  for (size_t rank = typeOf(input).getRank(); rank < times.size() && input; ++rank)
    input = make<esper::UnsqueezeOp>(t.net, input, 0);
  Things expanded;
  for (auto [dim, count] : llvm::enumerate(times)) {
    bool single = input && typeOf(input).getDimSize(int64_t(dim)) == 1;
    bool once = count.is(Is::Int) && count.integer == 1;
    expanded.push_back(single && !once ? count : Thing::whole(-1));
    if (!input || single || once)
      continue;
    if (!count.is(Is::Int) || count.integer < 1 || count.integer > kMostCopies)
      return t.fail("expected 1 to " + Twine(kMostCopies) +
                    " copies, or a dimension of size 1 for a number known at run time, found " +
                    describe(count)),
             Value();
    SmallVector<Value> copies(count.integer, input);
    t.net.fixRank(input);
    input = make<esper::ConcatOp>(t.net, copies, int64_t(dim));
  }
  bool done = llvm::all_of(expanded, [](const Thing &size) { return size.integer == -1; });
  return !input || done ? input : expandTo(t, input, expanded);
}

static Thing repeat(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  Things times = a["sizes"].is(Is::List) ? *a["sizes"].elements : Things();
  int64_t missing = input ? typeOf(input).getRank() - int64_t(times.size()) : 0;
  if (missing > 0 && !StringRef(a.function).ends_with("tile"))
    return t.fail("'repeat' needs a number for each dimension");
  for (; missing > 0; --missing)
    times.insert(times.begin(), Thing::whole(1));
  return Thing::tensor(input ? repeatTo(t, input, times) : Value());
}

/// Each element `repeats` times: copies along a dimension of their own.
static Thing repeatInterleave(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!a.has("dim") || !a["repeats"].is(Is::Int) || a["repeats"].integer < 1)
    return t.fail("'repeat_interleave' is known for a positive number of repeats and a dimension");
  int64_t dim = a.integer("dim", 0), repeats = a["repeats"].integer;
  std::optional<int64_t> index =
      input ? esper::normalizeDim(dim, typeOf(input).getRank()) : std::nullopt;
  if (!index)
    return t.fail("'dim' of 'repeat_interleave': expected a dimension of the tensor");
  Value apart = make<esper::UnsqueezeOp>(t.net, input, dim < 0 ? dim : dim + 1);
  if (!apart)
    return {};
  Things sizes(typeOf(apart).getRank(), Thing::whole(-1));
  sizes[*index + 1] = Thing::whole(repeats);
  Value copies = expandTo(t, apart, sizes);
  return Thing::tensor(copies ? make<esper::FlattenOp>(t.net, copies, dim < 0 ? dim - 1 : dim,
                                                       dim < 0 ? dim : dim + 1)
                              : Value());
}

//===----------------------------------------------------------------------===//
// roll
//===----------------------------------------------------------------------===//

/// The last `shift` elements come first.
static Value rollOnce(Translator &t, Value input, int64_t shift, int64_t dim) {
  auto number = [&](int64_t n) { return t.net.ops().getI64IntegerAttr(n); };
  Value front =
      make<esper::SliceOp>(t.net, input, number(dim), number(-shift), IntegerAttr(), number(1));
  Value back =
      front ? make<esper::SliceOp>(t.net, input, number(dim), number(0), number(-shift), number(1))
            : Value();
  return back ? make<esper::ConcatOp>(t.net, ValueRange{front, back}, dim) : Value();
}

/// Along a dimension of unknown size in steps of at most 2: torch counts a shift modulo the size,
/// and such steps are right for the sizes 0 and 1 too.
static Value rollAlong(Translator &t, Value input, int64_t shift, int64_t dim) {
  constexpr int64_t kMostUnknown = 16;
  std::optional<int64_t> index = esper::normalizeDim(dim, typeOf(input).getRank());
  if (!index)
    return t.fail("'dims' of roll: expected dimensions of the tensor, found " + Twine(dim)),
           Value();
  int64_t size = typeOf(input).getDimSize(*index);
  if (size == 0 || (shift >= -2 && shift <= 2))
    return size == 0 || shift == 0 ? input : rollOnce(t, input, shift, dim);
  if (!esper::isDynamic(size)) {
    if (dim >= 0) // of more dimensions, it is another one with another size
      t.net.fixRank(input);
    int64_t once = (shift % size + size) % size;
    return once ? rollOnce(t, input, once, dim) : input;
  }
  if (shift < -kMostUnknown || shift > kMostUnknown)
    return t.fail("a roll by more than " + Twine(kMostUnknown) +
                  " along a dimension whose size is known at run time"),
           Value();
  while (shift != 0 && input) {
    int64_t step = std::clamp<int64_t>(shift, -2, 2);
    input = rollOnce(t, input, step, dim);
    shift -= step;
  }
  return input;
}

static Thing roll(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  std::vector<int64_t> shifts = a.integers("shifts"), dims = a.integers("dims");
  if (!input || t.failed)
    return {};
  if (!a.has("dims") && typeOf(input).getRank() == 1)
    dims = {0};
  if (dims.empty() || dims.size() != shifts.size())
    return t.fail("'roll' is known with a dimension for each shift, found " + Twine(shifts.size()) +
                  " shifts and " + Twine(dims.size()) + " dimensions");
  for (auto [shift, dim] : llvm::zip(shifts, dims))
    input = input ? rollAlong(t, input, shift, dim) : Value();
  return Thing::tensor(input);
}

FunctionTable logic::copyFunctions() {
  return {{"expand", "m", "input *sizes", expand},
          {"expand_as", "m", "input other", expandAs},
          {"repeat", "m", "input *sizes", repeat},
          {"tile", "tm", "input *sizes", repeat},
          {"repeat_interleave", "tm", "input repeats dim", repeatInterleave},
          {"roll", "tm", "input shifts dims", roll}};
}
