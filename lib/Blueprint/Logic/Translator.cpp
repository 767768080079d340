//===- Translator.cpp - From __init__ to the results of forward -----------===//

#include "Names.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

bool Translator::runInit() {
  inInit = true;
  for (const python::Stmt *constant : text.constants) {
    moveTo(constant->at);
    bool annotated = constant->kind == python::StmtKind::Annotated;
    const python::Expr *value = annotated ? constant->exprs[2].get() : constant->exprs.back().get();
    if (value)
      attributes[constant->exprs[0]->text] = evaluate(*value);
  }
  if (const python::Stmt *init = text.find("__init__")) {
    Variables given;
    for (const python::Parameter &parameter : ArrayRef(init->parameters).drop_front())
      if (auto found = config.find(parameter.name); found != config.end())
        given.emplace(parameter.name, deepCopy(found->second)); // a text may add to its lists
    callMethod(*init, {}, std::move(given));
  }
  inInit = false;
  return !failed;
}

bool Translator::bindInputs(ValueRange values) {
  inputs = values;
  const python::Stmt &forward = *text.find("forward");
  locals[forward.parameters[0].name] = {.kind = Is::Self};
  for (auto [i, parameter] : llvm::enumerate(ArrayRef(forward.parameters).drop_front())) {
    Thing &local = locals[parameter.name];
    if (i >= values.size()) // a parameter with a default that is no tensor
      local = evaluate(*parameter.fallback);
    else if (isa<esper::OptionalType>(values[i].getType()))
      local = {.kind = Is::Given, .value = values[i]};
    else
      local = Thing::tensor(values[i]);
  }
  return !failed;
}

/// Draws that nobody reads go too: neither side of a comparison makes them.
void Translator::removeUnused(Operation *kept) {
  Block &block = *net.ops().getInsertionBlock();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (&op != kept && op.use_empty() && !isa<esper::ParamOp, esper::BufferOp>(op) &&
        (isOpTriviallyDead(&op) || isa<esper::NoiseOp>(op)))
      op.erase();
}

/// The tensors of the results, tuples taken apart.
static bool collect(Translator &t, const Thing &thing, Values &values) {
  if (thing.is(Is::List))
    return llvm::all_of(*thing.elements,
                        [&](const Thing &element) { return collect(t, element, values); });
  if (thing.is(Is::None) || thing.is(Is::String) || thing.is(Is::Module)) {
    t.fail("forward returns " + describe(thing) + ", expected tensors");
    return false;
  }
  values.push_back(t.tensorOf(thing));
  return bool(values.back());
}

/// Changes nothing at this rank, for its dimension is counted from the left: with more dimensions
/// it may.
static bool isIdentityByRank(Operation &op) {
  if (!isa<esper::TransposeOp, esper::SqueezeOp, esper::SliceOp>(op) ||
      op.getResult(0).getType() != op.getOperand(0).getType())
    return false;
  if (auto transpose = dyn_cast<esper::TransposeOp>(op)) {
    int64_t first = transpose.getDim0(), second = transpose.getDim1(),
            rank = transpose.getType().getRank();
    return (first < 0) != (second < 0) &&
           esper::normalizeDim(first, rank) == esper::normalizeDim(second, rank);
  }
  if (auto slice = dyn_cast<esper::SliceOp>(op))
    return int64_t(slice.getDim()) >= 0 && !slice.getType().isDynamicDim(slice.getDim());
  return int64_t(cast<esper::SqueezeOp>(op).getDim()) >= 0;
}

Values Translator::run(ValueRange values) {
  net.shareState();
  if (!runInit() || !bindInputs(values))
    return {};
  const python::Stmt &forward = *text.find("forward");
  result = Thing::none();
  execute(forward.body);
  Values results;
  moveTo(failed ? at : forward.at);
  if (failed || !collect(*this, result, results))
    return {};
  if (results.empty())
    return fail("forward returns nothing"), Values();
  for (Operation *op : ownBuffers) {
    StringRef name = cast<esper::BufferOp>(op).getName();
    Value now = buffers[name.str()];
    if (now != op->getResult(0))
      net.update("", name, now);
  }
  orderState();
  // What is kept must not look unused: the terminator is made by who called.
  OpBuilder &builder = net.ops();
  SmallVector<Value> kept(results.begin(), results.end());
  for (auto &[name, value] : net.updates())
    kept.push_back(value);
  auto keep = UnrealizedConversionCastOp::create(builder, net.loc(), builder.getI1Type(), kept);
  removeUnused(keep);
  keep.erase();
  for (Operation &op : *builder.getInsertionBlock())
    if (op.removeAttr(kCountsDims) || isIdentityByRank(op))
      net.fixRank(op.getOperand(0));
  return results;
}
