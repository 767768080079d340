//===- Subscripts.cpp - What stands in brackets behind a value -------------===//

#include "Names.h"
#include "Translator.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;
using python::Expr;
using python::ExprKind;

namespace {
/// The dimension that the next index is for. In front of an ellipsis torch counts from the left,
/// behind it from the right, where more dimensions may lead.
struct Position {
  int64_t dim = 0;
  bool fromRight = false;

  int64_t ofNew() { return fromRight ? dim - 1 : dim++; }
  int64_t ofKept() { return dim++; }
  int64_t ofGone() { return fromRight ? dim++ : dim; }
};
} // namespace

/// x[:n], n a size that is known at run time. What is cut to the size of the same dimension of an
/// input is to meet it: table[:, :x.size(1)].
static Value firstOf(Translator &t, Value value, int64_t dim, const Thing &size) {
  int64_t rank = typeOf(value).getRank();
  if (dim == size.integer && rank > typeOf(size.value).getRank())
    t.learnRank(size.value, rank);
  return make<esper::SliceLikeOp>(t.net, value, size.value, dim, size.integer);
}

/// One index of a tensor's subscript; `position` moves on to what the next one is for.
static Value applyIndex(Translator &t, Value value, const Expr &index, Position &position) {
  if (index.kind == ExprKind::None)
    return make<esper::UnsqueezeOp>(t.net, value, position.ofNew());
  if (index.kind == ExprKind::Slice) {
    int64_t bounds[3] = {0, 0, 1};
    std::optional<int64_t> end;
    for (size_t i = 0; i < 3; ++i) {
      if (!index.parts[i])
        continue;
      Thing bound = t.evaluate(*index.parts[i]);
      if (bound.is(Is::Size) && i == 1 && !index.parts[0] && !index.parts[2])
        return firstOf(t, value, position.ofKept(), bound);
      if (!bound.is(Is::Int))
        return t.fail("expected a bound known before the call, found " + describe(bound)), Value();
      bounds[i] = bound.integer;
      if (i == 1)
        end = bound.integer;
    }
    bool whole = bounds[0] == 0 && !end && bounds[2] == 1;
    auto last = end ? t.net.ops().getI64IntegerAttr(*end) : IntegerAttr();
    int64_t from = position.ofKept();
    return whole ? value
                 : make<esper::SliceOp>(t.net, value, t.net.ops().getI64IntegerAttr(from),
                                        t.net.ops().getI64IntegerAttr(bounds[0]), last,
                                        t.net.ops().getI64IntegerAttr(bounds[2]));
  }
  Thing at = t.evaluate(index);
  if (!at.is(Is::Int))
    return t.fail("an index of " + describe(at) + " is not in the subset that is translated"),
           Value();
  int64_t dim = position.ofGone();
  std::optional<int64_t> from = esper::normalizeDim(dim, typeOf(value).getRank());
  if (from && typeOf(value).isDynamicDim(*from))
    return make<esper::IndexOp>(t.net, value, dim, at.integer);
  auto bound = [&](int64_t n) { return t.net.ops().getI64IntegerAttr(n); };
  Value one =
      make<esper::SliceOp>(t.net, value, bound(dim), bound(at.integer),
                           at.integer == -1 ? IntegerAttr() : bound(at.integer + 1), bound(1));
  return one ? make<esper::SqueezeOp>(t.net, one, dim) : Value();
}

static Thing tensorSubscript(Translator &t, Value value, const Expr &index) {
  std::vector<const Expr *> indices;
  if (index.kind == ExprKind::Tuple)
    for (const python::ExprPtr &part : index.parts)
      indices.push_back(part.get());
  else
    indices.push_back(&index);
  auto taken = [](const Expr *e) {
    return e->kind != ExprKind::None && e->kind != ExprKind::Ellipsis;
  };
  Position position;
  for (auto [i, one] : llvm::enumerate(indices)) {
    if (one->kind == ExprKind::Ellipsis)
      position = {-int64_t(llvm::count_if(ArrayRef(indices).drop_front(i + 1), taken)), true};
    else
      value = applyIndex(t, value, *one, position);
    if (!t.expects(value))
      return {};
  }
  return Thing::tensor(value);
}

static Thing listSubscript(Translator &t, const Thing &object, const Expr &index) {
  int64_t size = object.elements->size();
  if (index.kind != ExprKind::Slice) {
    Thing at = t.evaluate(index);
    if (!at.is(Is::Int))
      return t.fail("expected an index known before the call, found " + describe(at));
    int64_t i = at.integer < 0 ? at.integer + size : at.integer;
    // x.shape[1] is another number where x has more dimensions.
    if (object.value && at.integer >= 0 && i < size && (*object.elements)[i].is(Is::Int))
      t.net.fixRank(object.value);
    if (i < 0 || i >= size)
      return t.fail("index " + Twine(at.integer) + " is outside of a list of " + Twine(size));
    Thing element = (*object.elements)[i];
    element.counted = object.value && at.integer >= 0;
    return element;
  }
  int64_t bounds[2] = {0, size};
  for (size_t i = 0; i < 2; ++i)
    if (index.parts[i]) {
      Thing bound = t.evaluate(*index.parts[i]);
      if (!bound.is(Is::Int))
        return t.fail("expected a bound known before the call, found " + describe(bound));
      bounds[i] =
          std::clamp<int64_t>(bound.integer < 0 ? bound.integer + size : bound.integer, 0, size);
    }
  if (index.parts[2])
    return t.fail("a step of a list's slice is not in the subset that is translated");
  auto begin = object.elements->begin();
  return Thing::list(bounds[0] < bounds[1] ? Things(begin + bounds[0], begin + bounds[1])
                                           : Things());
}

Thing Translator::subscript(const Thing &object, const Expr &index) {
  if (failed)
    return {};
  if (object.is(Is::List))
    return listSubscript(*this, object, index);
  if (object.is(Is::Module) && !object.module->children.empty()) {
    Things children;
    for (const auto &child : object.module->children)
      children.push_back({.kind = Is::Module, .module = child});
    return listSubscript(*this, Thing::list(std::move(children)), index);
  }
  if (object.is(Is::Dict)) {
    Thing key = evaluate(index);
    for (size_t i = 0; i + 1 < object.elements->size(); i += 2)
      if (key.is(Is::String) && (*object.elements)[i].text == key.text)
        return (*object.elements)[i + 1];
    return fail("the dictionary has no such key");
  }
  if (!object.is(Is::Tensor))
    return fail("a subscript of " + describe(object) + " is not in the subset that is translated");
  bool plain = index.kind != ExprKind::Slice && index.kind != ExprKind::Tuple &&
               index.kind != ExprKind::None && index.kind != ExprKind::Ellipsis;
  if (Thing at = plain ? evaluate(index) : Thing(); at.is(Is::Sparse) || at.is(Is::Tensor))
    return takeAt(*this, object.value, at);
  return failed ? Thing() : tensorSubscript(*this, object.value, index);
}
