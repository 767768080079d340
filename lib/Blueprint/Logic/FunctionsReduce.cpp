//===- FunctionsReduce.cpp - Sums, extrema, indices -----------------------===//

#include "Names.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

static Thing reduced(Translator &t, const Arguments &a, Value input, esper::ReduceKind kind,
                     int64_t correction = 1) {
  if (!input)
    return {};
  return Thing::tensor(
      t.reduce(input, kind, a.integers("dim"), a.boolean("keepdim", false), correction));
}

static Thing sum(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (input && typeOf(input).getElementType().isInteger(1))
    input = t.toInteger(input);
  if (input && a.has("dtype") && a["dtype"].integer == kFloat32)
    input = t.toFloat(input);
  return reduced(t, a, input, esper::ReduceKind::Sum);
}
static Thing mean(Translator &t, const Arguments &a) {
  return reduced(t, a, a.tensor(), esper::ReduceKind::Mean);
}
static Thing amax(Translator &t, const Arguments &a) {
  return reduced(t, a, a.tensor(), esper::ReduceKind::Max);
}
static Thing amin(Translator &t, const Arguments &a) {
  return reduced(t, a, a.tensor(), esper::ReduceKind::Min);
}
static Thing var(Translator &t, const Arguments &a) {
  int64_t correction = a.boolean("unbiased", true) ? a.integer("correction", 1) : 0;
  if (!a["dim"].is(Is::Bool))
    return reduced(t, a, a.tensor(), esper::ReduceKind::Var, correction);
  // x.var(False): the one argument is not a dimension.
  Value input = a.tensor();
  return input ? Thing::tensor(t.reduce(input, esper::ReduceKind::Var, {}, false, a["dim"].integer))
               : Thing();
}
static Thing deviation(Translator &t, const Arguments &a) {
  Thing variance = var(t, a);
  return variance.value ? Thing::tensor(t.root(variance.value)) : Thing();
}
static Thing norm(Translator &t, const Arguments &a) {
  double p = a.number("p", 2);
  Value input = a.tensor();
  if (!input)
    return {};
  if (p == 2) {
    Thing squares = reduced(t, a, t.activation("square", input), esper::ReduceKind::Sum);
    return squares.value ? Thing::tensor(t.root(squares.value)) : Thing();
  }
  Value sizes = t.activation("abs", input);
  if (p == 1)
    return reduced(t, a, sizes, esper::ReduceKind::Sum);
  return std::isinf(p) ? reduced(t, a, sizes, esper::ReduceKind::Max)
                       : t.fail("norms are known for p = 1, 2 and inf");
}

/// log(sum(exp)), the greatest taken out unless it is infinite.
static Thing logSumExp(Translator &t, const Arguments &a) {
  Value input = t.toFloat(a.tensor());
  std::vector<int64_t> dims = a.integers("dim");
  if (!input || t.failed)
    return {};
  if (dims.empty())
    return t.fail("'" + a.function + "' needs a dim");
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Value most = t.reduce(input, esper::ReduceKind::Max, dims, true);
  Value size = most ? t.activation("abs", most) : Value();
  Thing finite = size ? t.compare("<", Thing::tensor(size), Thing::real(kInfinity)) : Thing();
  Value zero = finite.value ? t.full(input, 0, {}) : Value();
  Value taken = zero ? make<esper::WhereOp>(t.net, finite.value, most, zero) : Value();
  Thing shift = taken ? t.detached(taken) : Thing();
  Thing rest = shift.value ? t.binary("-", Thing::tensor(input), shift) : Thing();
  Value powers = rest.value ? t.activation("exp", rest.value) : Value();
  Value sums = powers ? t.reduce(powers, esper::ReduceKind::Sum, dims, true) : Value();
  Value logs = sums ? t.activation("log", sums) : Value();
  Value made = logs ? t.binary("+", Thing::tensor(logs), shift).value : Value();
  if (!made || a.boolean("keepdim", false))
    return Thing::tensor(made);
  return Thing::tensor(t.reduce(made, esper::ReduceKind::Sum, dims, false));
}

/// The distances of all pairs of rows. torch takes a product of matrices where there are many,
/// which loses digits of small ones; here they are always of the differences.
static Thing pairDistances(Translator &t, const Arguments &a) {
  Value left = a.tensor("x1"), right = a.tensor("x2");
  if (!left || !right || a.number("p", 2) != 2)
    return t.fail("'" + a.function + "' is known for p = 2");
  if (typeOf(left).getRank() < 2 || typeOf(right).getRank() < 2)
    return t.fail("'" + a.function + "' is of tensors of at least 2 dimensions");
  for (auto [one, other] : {std::pair(left, right), std::pair(right, left)})
    if (int64_t size = typeOf(other).getShape().back(); !ShapedType::isDynamic(size))
      t.learnLast(one, size);
  Value rows = make<esper::UnsqueezeOp>(t.net, left, -2);
  Value columns = rows ? make<esper::UnsqueezeOp>(t.net, right, -3) : Value();
  Thing difference = columns ? t.binary("-", Thing::tensor(rows), Thing::tensor(columns)) : Thing();
  Value sums = difference.value ? t.reduce(t.activation("square", difference.value),
                                           esper::ReduceKind::Sum, {-1}, false)
                                : Value();
  return Thing::tensor(sums ? t.root(sums) : Value());
}

/// Is a condition met anywhere: is the greatest of 0 and 1 a 1.
static Thing anyOrAll(Translator &t, const Arguments &a, esper::ReduceKind kind) {
  Thing mask = t.compare("!=", a["input"], Thing::whole(0));
  Value numbers = mask.value ? t.toInteger(mask.value) : Value();
  Thing most = reduced(t, a, numbers, kind);
  return most.value ? t.compare("!=", most, Thing::whole(0)) : Thing();
}
static Thing any(Translator &t, const Arguments &a) {
  return anyOrAll(t, a, esper::ReduceKind::Max);
}
static Thing all(Translator &t, const Arguments &a) {
  return anyOrAll(t, a, esper::ReduceKind::Min);
}

static Thing numel(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input)
    return {};
  // Of what hangs on inputs it may be another number where they have more dimensions.
  bool isState = isa_and_present<esper::ParamOp, esper::BufferOp>(input.getDefiningOp());
  return isState ? Thing::whole(typeOf(input).getNumElements()) : Thing::tensor(t.numelOf(input));
}

//===----------------------------------------------------------------------===//
// The greatest and where they stand
//===----------------------------------------------------------------------===//

static Thing topkOf(Translator &t, Value input, int64_t k, int64_t dim, bool largest) {
  if (input && !largest)
    input = t.activation("neg", input);
  auto topk = input ? t.net.create<esper::TopkOp>(input, k, dim) : esper::TopkOp();
  if (!topk)
    return t.failed = true, Thing();
  Value values = topk.getValues();
  if (!largest)
    values = t.activation("neg", values);
  return Thing::list({Thing::tensor(values), Thing::tensor(topk.getIndices())});
}

static Thing topk(Translator &t, const Arguments &a) {
  return topkOf(t, a.tensor(), a.integer("k", 1), a.integer("dim", -1), a.boolean("largest", true));
}

static Value withoutDim(Translator &t, Value value, int64_t dim, bool keepdim) {
  return keepdim || !value ? value : make<esper::SqueezeOp>(t.net, value, dim);
}

/// (values, indices) along a dimension, or without one the extremum of all.
static Thing extremum(Translator &t, const Arguments &a, bool largest) {
  Value input = a.tensor();
  if (!input)
    return {};
  const Thing &dim = a["dim"];
  if (dim.is(Is::Tensor)) {
    Value made = largest ? make<esper::MaximumOp>(t.net, input, dim.value)
                         : make<esper::MinimumOp>(t.net, input, dim.value);
    return Thing::tensor(made);
  }
  if (!dim.is(Is::Int))
    return Thing::tensor(
        t.reduce(input, largest ? esper::ReduceKind::Max : esper::ReduceKind::Min, {}, false));
  Thing found = topkOf(t, input, 1, dim.integer, largest);
  if (t.failed)
    return {};
  for (Thing &element : *found.elements)
    element.value = withoutDim(t, element.value, dim.integer, a.boolean("keepdim", false));
  return found;
}
static Thing max(Translator &t, const Arguments &a) { return extremum(t, a, true); }
static Thing min(Translator &t, const Arguments &a) { return extremum(t, a, false); }

static Thing argExtremum(Translator &t, const Arguments &a, bool largest) {
  Value input = a.tensor();
  if (input && !a.has("dim"))
    input = make<esper::FlattenOp>(t.net, input, 0, -1);
  int64_t dim = a.integer("dim", 0);
  Thing found = topkOf(t, input, 1, dim, largest);
  return t.failed ? Thing()
                  : Thing::tensor(withoutDim(t, (*found.elements)[1].value, dim,
                                             a.boolean("keepdim", false)));
}
static Thing argmax(Translator &t, const Arguments &a) { return argExtremum(t, a, true); }
static Thing argmin(Translator &t, const Arguments &a) { return argExtremum(t, a, false); }

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

static Value oneHot(Translator &t, Value indices, int64_t count) {
  if (!indices)
    return {};
  t.learnInteger(indices);
  return make<esper::OneHotOp>(t.net, t.toInteger(indices), count);
}

Value logic::countIndices(Translator &t, Value indices, int64_t count) {
  Value flat = make<esper::FlattenOp>(t.net, indices, 0, -1);
  Value hot = flat ? oneHot(t, flat, count) : Value();
  return hot ? t.reduce(hot, esper::ReduceKind::Sum, 0, false) : Value();
}

static Thing bincount(Translator &t, const Arguments &a) {
  Value indices = a.tensor();
  if (!a.has("minlength") || a.has("weights"))
    return t.fail("bincount needs a minlength, and no weights: the result's size must be known");
  return Thing::tensor(indices ? countIndices(t, indices, a.integer("minlength", 1)) : Value());
}

static Thing oneHotOf(Translator &t, const Arguments &a) {
  if (!a.has("num_classes"))
    return t.fail("one_hot needs num_classes: the result's size must be known");
  return Thing::tensor(oneHot(t, a.tensor(), a.integer("num_classes", 1)));
}

static Thing unique(Translator &t, const Arguments &a) {
  if (a.boolean("return_inverse", false) || a.has("dim"))
    return t.fail("'return_inverse' and 'dim' of unique are not in the subset");
  Value input = a.tensor();
  if (!input)
    return {};
  t.learnInteger(input);
  auto indices = std::make_shared<Sparse>(Sparse{input, true, nullptr});
  auto counts = std::make_shared<Sparse>(
      Sparse{input, false, [&t, input](int64_t count) { return countIndices(t, input, count); }});
  Thing first{.kind = Is::Sparse, .sparse = indices}, second{.kind = Is::Sparse, .sparse = counts};
  return a.boolean("return_counts", false) ? Thing::list({first, second}) : first;
}

Thing logic::sparseMethod(Translator &t, const Thing &object, const std::string &name,
                          Things &arguments) {
  bool converts = name == "float" || name == "to" || name == "type" || name == "clone" ||
                  name == "detach" || name == "long";
  if (name == "sum" && !object.sparse->isIndices && arguments.empty())
    return Thing::tensor(t.numelOf(object.sparse->indices));
  if (!converts)
    return t.fail("'" + name + "' of the results of unique() is not in the subset");
  bool floats =
      name == "float" || llvm::any_of(arguments, [](const Thing &argument) {
        return (argument.is(Is::DType) && argument.integer == kFloat32) ||
               (argument.is(Is::Tensor) && isa<FloatType>(typeOf(argument.value).getElementType()));
      });
  if (!floats || object.sparse->isIndices)
    return object;
  auto made = std::make_shared<Sparse>(*object.sparse);
  made->dense = [&t, before = object.sparse](int64_t count) {
    return t.toFloat(before->dense(count));
  };
  return {.kind = Is::Sparse, .sparse = made};
}

/// The rows of the identity for the indices, as floats.
static Value rowsOf(Translator &t, Value indices, int64_t count) {
  Value hot = oneHot(t, indices, count);
  return hot ? t.toFloat(hot) : Value();
}

static bool hasKnownRows(Translator &t, Value object) {
  if (typeOf(object).getRank() > 0 && !typeOf(object).isDynamicDim(0))
    return true;
  t.fail("indices of a tensor whose size is known at run time are not in the subset");
  return false;
}

Thing logic::takeAt(Translator &t, Value object, const Thing &at) {
  if (!hasKnownRows(t, object))
    return {};
  if (at.is(Is::Sparse)) {
    auto made = std::make_shared<Sparse>(
        Sparse{at.sparse->indices, false, [object](int64_t) { return object; }});
    return at.sparse->isIndices && typeOf(object).getRank() == 1
               ? Thing{.kind = Is::Sparse, .sparse = made}
               : t.fail("this subscript of unique() is not in the subset");
  }
  if (typeOf(at.value).getElementType().isInteger(1))
    return t.fail("a subscript by a mask has a size that depends on values");
  if (typeOf(object).getRank() > 2)
    return t.fail("a subscript by indices is known of one and two dimensions");
  Value rows = rowsOf(t, at.value, typeOf(object).getDimSize(0));
  Value table = rows ? t.toFloat(object) : Value();
  Value taken = table ? make<esper::MatmulOp>(t.net, rows, table) : Value();
  bool whole = isa<IntegerType>(typeOf(object).getElementType());
  return t.expects(taken) ? Thing::tensor(whole ? t.toInteger(taken) : taken) : Thing();
}

Value logic::putAt(Translator &t, Value object, const Thing &at, const Thing &value) {
  if (at.is(Is::Tensor) && typeOf(at.value).getElementType().isInteger(1)) { // a mask
    Value filled = t.tensorOf(value, object);
    return filled ? make<esper::WhereOp>(t.net, at.value, filled, object) : Value();
  }
  if (!hasKnownRows(t, object))
    return {};
  int64_t count = typeOf(object).getDimSize(0);
  Value indices = at.is(Is::Sparse) ? at.sparse->indices : at.value;
  Value counts = countIndices(t, indices, count);
  Thing hit = counts ? t.compare(">", Thing::tensor(counts), Thing::whole(0)) : Thing();
  Thing chosen = value.is(Is::Sparse) ? Thing::tensor(value.sparse->dense(count)) : value;
  Value filled = hit.value ? t.tensorOf(chosen, object) : Value();
  bool spreads = filled && (value.is(Is::Sparse) || typeOf(filled).getRank() == 0 ||
                            typeOf(filled).getNumElements() == 1);
  if (typeOf(object).getRank() != 1 || !spreads) {
    t.fail("this assignment by indices is not in the subset: expected one dimension, and one value "
           "or the counts of unique()");
    return {};
  }
  filled = t.withType(filled, typeOf(filled).clone(typeOf(object).getElementType()));
  return filled ? make<esper::WhereOp>(t.net, hit.value, filled, object) : Value();
}

/// Along the last dimension: rows of the identity pick the elements.
static Thing gather(Translator &t, const Arguments &a) {
  Value input = a.tensor(), index = a.tensor("index");
  if (!input || !index)
    return {};
  int64_t rank = typeOf(input).getRank(), dim = a.integer("dim", -1);
  if (esper::normalizeDim(dim, rank) != rank - 1 || typeOf(input).isDynamicDim(rank - 1))
    return t.fail("gather is known along the last dimension, of a known size");
  Value rows = rowsOf(t, index, typeOf(input).getDimSize(rank - 1));
  Value column = rows ? make<esper::UnsqueezeOp>(t.net, input, -1) : Value();
  Value taken = column ? make<esper::MatmulOp>(t.net, rows, column) : Value();
  return Thing::tensor(taken ? make<esper::SqueezeOp>(t.net, taken, -1) : Value());
}

/// What is put where: (one row of sums for each index, is there any).
static std::pair<Value, Value> spread(Translator &t, const Arguments &a) {
  Value input = a.tensor(), index = a.tensor("index");
  if (!input || !index)
    return {};
  int64_t rank = typeOf(input).getRank();
  if (rank == 0 || esper::normalizeDim(a.integer("dim", -1), rank) != rank - 1 ||
      typeOf(input).isDynamicDim(rank - 1)) {
    t.fail("'" + a.function + "' is known along the last dimension, of a known size");
    return {};
  }
  Value hot = oneHot(t, index, typeOf(input).getDimSize(rank - 1));
  Value rows = hot ? t.toFloat(hot) : Value();
  if (!rows)
    return {};
  Thing source = a["src"];
  Value values = source.is(Is::Tensor)
                     ? t.toFloat(source.value)
                     : t.fullLike(make<esper::TypeAsOp>(t.net, index, rows), a.number("src", 1));
  Value row = values ? make<esper::UnsqueezeOp>(t.net, values, -2) : Value();
  Value sums = row ? make<esper::MatmulOp>(t.net, row, rows) : Value();
  sums = sums ? make<esper::SqueezeOp>(t.net, sums, -2) : Value();
  Value counts = sums ? t.reduce(hot, esper::ReduceKind::Max, -2, false) : Value();
  return {sums, counts};
}

static Thing scatter(Translator &t, const Arguments &a) {
  auto [sums, counts] = spread(t, a);
  Value input = counts ? a.tensor() : Value();
  Thing hit = counts ? t.compare(">", Thing::tensor(counts), Thing::whole(0)) : Thing();
  Value made =
      hit.value ? t.withType(sums, typeOf(sums).clone(typeOf(input).getElementType())) : Value();
  return Thing::tensor(made ? make<esper::WhereOp>(t.net, hit.value, made, input) : Value());
}

static Thing scatterAdd(Translator &t, const Arguments &a) {
  auto [sums, counts] = spread(t, a);
  return sums ? t.binary("+", a["input"], Thing::tensor(sums)) : Thing();
}

FunctionTable logic::reductionFunctions() {
  return {{"sum", "tm", "input dim keepdim dtype", sum},
          {"mean", "tm", "input dim keepdim dtype", mean},
          {"amax", "tm", "input dim keepdim", amax},
          {"amin", "tm", "input dim keepdim", amin},
          {"var", "tm", "input dim unbiased keepdim correction", var},
          {"std", "tm", "input dim unbiased keepdim correction", deviation},
          {"norm", "tm", "input p dim keepdim", norm},
          {"logsumexp", "tm", "input dim keepdim", logSumExp},
          {"cdist", "t", "x1 x2 p", pairDistances},
          {"any", "tm", "input dim keepdim", any},
          {"all", "tm", "input dim keepdim", all},
          {"numel", "tm", "input", numel},
          {"nelement", "m", "input", numel},
          {"topk", "tm", "input k dim largest sorted", topk},
          {"max", "tm", "input dim keepdim", max},
          {"min", "tm", "input dim keepdim", min},
          {"argmax", "tm", "input dim keepdim", argmax},
          {"argmin", "tm", "input dim keepdim", argmin},
          {"bincount", "tm", "input weights minlength", bincount},
          {"one_hot", "f", "input num_classes", oneHotOf},
          {"unique", "tm", "input sorted return_inverse return_counts dim", unique},
          {"gather", "tm", "input dim index", gather},
          {"scatter", "tm", "input dim index src", scatter},
          {"scatter_add", "tm", "input dim index src", scatterAdd},
          {"index_add", "tm", "input dim index src", scatterAdd}};
}
