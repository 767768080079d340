//===- FunctionsMake.cpp - Tensors made from nothing ----------------------===//

#include "Names.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static Thing inType(Translator &t, const Arguments &a, Value value) {
  if (!value || !a.has("dtype") || !a["dtype"].is(Is::DType))
    return Thing::tensor(value);
  int64_t code = a["dtype"].integer;
  if (code == kFloat32)
    return Thing::tensor(t.toFloat(value));
  return code == kInteger + 1 ? t.compare("!=", Thing::tensor(value), Thing::whole(0))
                              : Thing::tensor(t.toInteger(value, code - kInteger));
}

/// A column of numbers as long as a size that is known at run time.
static Value along(Translator &t, const Thing &size, double number, size_t behind) {
  SmallVector<int64_t> others;
  for (int64_t dim = 0; dim < typeOf(size.value).getRank(); ++dim)
    if (dim != size.integer)
      others.push_back(dim);
  Value column = t.toFloat(t.fullLike(size.value, 0));
  if (column && !others.empty())
    column = t.reduce(column, esper::ReduceKind::Sum, others, false);
  for (size_t i = 0; i < behind && column; ++i)
    column = make<esper::UnsqueezeOp>(t.net, column, -1);
  return column ? t.activation("add_scalar", column, number) : Value();
}

/// `number` everywhere, of sizes of which some may be known at run time.
Value logic::filled(Translator &t, const Things &sizes, double number) {
  SmallVector<int64_t> shape;
  Value columns; // their sum has all sizes that are known at run time
  for (auto [i, size] : llvm::enumerate(sizes)) {
    if (!size.is(Is::Size) && !size.is(Is::Int)) {
      t.fail("expected a size, found " + describe(size));
      return {};
    }
    shape.push_back(size.is(Is::Size) ? 1 : size.integer);
    if (!size.is(Is::Size))
      continue;
    Value column = along(t, size, columns ? 0 : number, sizes.size() - i - 1);
    columns = column && columns ? make<esper::AddOp>(t.net, columns, column) : column;
    if (!columns)
      return {};
  }
  Value like = columns ? columns : t.anyFloat();
  Value whole = like ? t.full(like, columns ? 0 : number, shape) : Value();
  return whole && columns ? make<esper::AddOp>(t.net, columns, whole) : whole;
}

Value logic::sized(Translator &t, const Arguments &a, double number) {
  const Thing &sizes = a["size"];
  if (sizes.is(Is::List) && sizes.value) // x.shape
    return t.toFloat(t.fullLike(sizes.value, number));
  if (!sizes.is(Is::List)) {
    t.fail("'" + a.function + "' needs sizes");
    return {};
  }
  return filled(t, *sizes.elements, number);
}

static Thing zeros(Translator &t, const Arguments &a) { return inType(t, a, sized(t, a, 0)); }
static Thing ones(Translator &t, const Arguments &a) { return inType(t, a, sized(t, a, 1)); }
static Thing full(Translator &t, const Arguments &a) {
  return inType(t, a, sized(t, a, a.number("fill_value", 0)));
}

static Thing like(Translator &t, const Arguments &a, double number) {
  Value input = a.tensor();
  return input ? inType(t, a, t.fullLike(input, number)) : Thing();
}
static Thing zerosLike(Translator &t, const Arguments &a) { return like(t, a, 0); }
static Thing onesLike(Translator &t, const Arguments &a) { return like(t, a, 1); }
static Thing fullLike(Translator &t, const Arguments &a) {
  return like(t, a, a.number("fill_value", 0));
}

/// start, start + step ...: sums of ones, as the number of them may be known at run time only.
static Thing arange(Translator &t, const Arguments &a) {
  bool fromZero = !a.has("end");
  const Thing &end = a[fromZero ? "start" : "end"];
  double start = fromZero ? 0 : a.number("start", 0), step = a.number("step", 1);
  bool whole =
      !end.is(Is::Float) && !a["step"].is(Is::Float) && (fromZero || a["start"].is(Is::Int));
  if (t.failed)
    return {};
  if (end.is(Is::Size) ? start != 0 || step != 1 : !end.isNumber() || step == 0)
    return t.fail("'" + a.function + "' is of numbers known before the call, or from 0 to a size");
  Thing count =
      end.is(Is::Size)
          ? end
          : Thing::whole(int64_t(std::max(0.0, std::ceil((end.asDouble() - start) / step))));
  Value ones = filled(t, {count}, 1);
  Value sums = ones ? make<esper::CumsumOp>(t.net, ones, 0) : Value();
  Value numbers = sums && step != 1 ? make<esper::ScaleOp>(t.net, sums, llvm::APFloat(step)) : sums;
  if (numbers && start != step)
    numbers = t.activation("add_scalar", numbers, start - step);
  if (!numbers || !whole || a.has("dtype"))
    return inType(t, a, numbers);
  return Thing::tensor(t.toInteger(numbers));
}

static Thing cumsum(Translator &t, const Arguments &a) {
  Value input = t.toFloat(a.tensor());
  return Thing::tensor(input ? make<esper::CumsumOp>(t.net, input, a.integer("dim", 0)) : Value());
}

/// Where the last two dimensions of `like` are above the diagonal.
static Thing aboveDiagonal(Translator &t, Value like) {
  Value zeros = t.toFloat(t.fullLike(like, 0));
  Value masked = zeros ? make<esper::CausalMaskOp>(t.net, zeros) : Value();
  return masked ? t.compare("<", Thing::tensor(masked), Thing::whole(0)) : Thing();
}

/// tril up to the diagonal and triu above it, the two that masks of positions are made of.
static Thing triangle(Translator &t, const Arguments &a, bool upper) {
  Value input = a.tensor();
  if (!input)
    return {};
  if (a.integer("diagonal", 0) != int64_t(upper) || typeOf(input).getRank() < 2)
    return t.fail("'" + a.function +
                  "' is of two dimensions and more, with diagonal=" + Twine(int64_t(upper)));
  Thing above = aboveDiagonal(t, input), own = Thing::tensor(input);
  if (t.failed)
    return {};
  if (typeOf(input).getElementType().isInteger(1))
    return t.binary("&", own, upper ? above : t.negate(above));
  Value zero = t.fullLike(input, 0);
  return Thing::tensor(
      zero ? make<esper::WhereOp>(t.net, above.value, upper ? input : zero, upper ? zero : input)
           : Value());
}
static Thing triu(Translator &t, const Arguments &a) { return triangle(t, a, true); }
static Thing tril(Translator &t, const Arguments &a) { return triangle(t, a, false); }

//===----------------------------------------------------------------------===//
// What only exists in place
//===----------------------------------------------------------------------===//

/// The source, as changeInPlace converts it.
static Thing copy(Translator &, const Arguments &a) { return a["src"]; }
static Thing fill(Translator &t, const Arguments &a) {
  Value input = a.tensor(), value = input ? t.tensorOf(a["value"], input) : Value();
  Value zeros = value ? t.fullLike(input, 0) : Value();
  return zeros ? t.binary("+", Thing::tensor(zeros), Thing::tensor(value)) : Thing();
}

FunctionTable logic::makerFunctions() {
  return {{"zeros", "t", "*size dtype", zeros},
          {"empty", "t", "*size dtype", zeros},
          {"ones", "t", "*size dtype", ones},
          {"full", "t", "size fill_value dtype", full},
          {"zeros_like", "t", "input dtype", zerosLike},
          {"empty_like", "t", "input dtype", zerosLike},
          {"ones_like", "t", "input dtype", onesLike},
          {"full_like", "t", "input fill_value dtype", fullLike},
          {"new_zeros", "m", "input *size dtype", zeros},
          {"new_ones", "m", "input *size dtype", ones},
          {"new_empty", "m", "input *size dtype", zeros},
          {"new_full", "m", "input size fill_value dtype", full},
          {"arange", "t", "start end step dtype", arange},
          {"cumsum", "tm", "input dim", cumsum},
          {"triu", "tm", "input diagonal", triu},
          {"tril", "tm", "input diagonal", tril},
          {"copy", "m", "input src", copy},
          {"fill", "m", "input value", fill},
          {"zero", "m", "input", zerosLike}};
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

const FunctionRow *logic::findFunction(StringRef name, char where) {
  static const llvm::StringMap<std::vector<FunctionRow>> table = [] {
    llvm::StringMap<std::vector<FunctionRow>> rows;
    for (auto part :
         {elementFunctions, reductionFunctions, shapeFunctions, layerFunctions, makerFunctions,
          drawnFunctions, attentionFunctions, functionsOfLayers, einsumFunctions, copyFunctions})
      for (const FunctionRow &row : part())
        rows[row.name].push_back(row);
    return rows;
  }();
  auto found = table.find(name);
  if (found == table.end())
    return nullptr;
  for (const FunctionRow &row : found->second)
    if (StringRef(row.where).contains(where))
      return &row;
  return nullptr;
}
