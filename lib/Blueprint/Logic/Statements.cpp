//===- Statements.cpp - Assignments, branches, loops ----------------------===//

#include "Names.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;
using python::Expr;
using python::ExprKind;
using python::Stmt;
using python::StmtKind;

//===----------------------------------------------------------------------===//
// Assignment
//===----------------------------------------------------------------------===//

static bool isSelfAttribute(Translator &t, const Expr &target) {
  return target.kind == ExprKind::Attribute && target.parts[0]->kind == ExprKind::Name &&
         t.evaluate(*target.parts[0]).is(Is::Self);
}

void Translator::assign(const Expr &target, Thing value) {
  if (failed)
    return;
  moveTo(target.at);
  if (target.kind == ExprKind::Name) {
    if (value.is(Is::Nothing))
      fail("the value of '" + target.text + "' is not known here");
    locals[target.text] = std::move(value);
    return;
  }
  if (isSelfAttribute(*this, target))
    return assignSelf(target.text, std::move(value));
  if (failed)
    return;
  if (target.kind == ExprKind::Attribute) {
    Thing object = evaluate(*target.parts[0]);
    if (object.is(Is::Module) && net.state(joinPath(object.module->path, target.text)))
      fail("'" + object.module->path + "." + target.text +
           "' is given another tensor: one parameter under two names is not in the subset; call a "
           "function with the tensor instead, as in F.linear(x, self.embed.weight)");
    if (failed)
      return;
  }
  if (target.kind == ExprKind::Subscript)
    return assignIndexed(target, value);
  if (target.kind != ExprKind::Tuple && target.kind != ExprKind::List) {
    fail("this cannot be assigned to: expected a name, an attribute of self, or a subscript");
    return;
  }
  std::optional<Things> elements = iterable(value);
  // x.shape in parts says how many dimensions x has.
  if (value.is(Is::List) && value.value) {
    net.fixRank(value.value);
    if (elements->size() != target.parts.size())
      learnRank(value.value, target.parts.size());
  }
  if (!elements || elements->size() != target.parts.size()) {
    fail("expected " + Twine(target.parts.size()) + " values, found " +
         (elements ? std::to_string(elements->size()) : describe(value)));
    return;
  }
  for (auto [part, element] : llvm::zip(target.parts, *elements))
    assign(*part, element);
}

/// buffer[index] = value, name[mask] = value ...
void Translator::assignIndexed(const Expr &target, const Thing &value) {
  const Expr &object = *target.parts[0], &index = *target.parts[1];
  Thing before = evaluate(object);
  if (failed)
    return;
  if (!before.is(Is::Tensor)) {
    fail("an assignment to parts of " + describe(before) + " is not in the subset");
    return;
  }
  if (index.kind == ExprKind::Slice && !index.parts[0] && !index.parts[1] && !index.parts[2]) {
    changeInPlace(object, value);
    return;
  }
  Thing at = evaluate(index);
  if (failed)
    return;
  moveTo(target.at);
  if (at.is(Is::Int)) { // a tensor of one index
    Value like = tensorOf(before);
    int64_t count = typeOf(like).getRank() ? typeOf(like).getDimSize(0) : 0;
    int64_t wrapped = at.integer < 0 ? at.integer + count : at.integer;
    Value number = like ? toInteger(full(like, double(wrapped), {})) : Value();
    at = number ? Thing::tensor(number) : Thing();
  }
  if (!at.is(Is::Tensor) && !at.is(Is::Sparse)) {
    fail("an assignment at " + describe(at) + " is not in the subset that is translated");
    return;
  }
  Value made = putAt(*this, before.value, at, value);
  if (expects(made))
    changeInPlace(object, Thing::tensor(made));
}

/// A result that lies in the memory of its operand.
static bool isView(Value value) {
  Operation *op = value.getDefiningOp();
  return op && isa<esper::ReshapeOp, esper::FlattenOp, esper::UnflattenOp, esper::SliceOp,
                   esper::SplitOp, esper::UnsqueezeOp, esper::SqueezeOp, esper::TransposeOp,
                   esper::PermuteOp, esper::ExpandAsOp, esper::IndexOp, esper::SliceLikeOp>(op);
}

/// Some name or buffer has this value.
bool Translator::isKnown(Value value) const {
  return llvm::any_of(locals, [&](const auto &local) { return local.second.value == value; }) ||
         llvm::any_of(buffers, [&](const auto &buffer) { return buffer.second == value; });
}

/// All names of an object that is changed in place show the change.
void Translator::showChange(Value before, Value now) {
  for (auto &[name, thing] : locals)
    if (thing.is(Is::Tensor) && thing.value == before)
      thing.value = now;
}

Thing Translator::changeInPlace(const Expr &target, const Thing &value) {
  Thing old = evaluate(target);
  if (failed)
    return {};
  moveTo(target.at);
  if (!old.is(Is::Tensor))
    return fail("cannot change " + describe(old) + " in place");
  bool isName = target.kind == ExprKind::Name;
  if (isa<BlockArgument>(old.value))
    return fail("an input is changed in place, which its caller would see: make a new tensor");
  if (isView(old.value) || aliases.contains(old.value))
    return fail("a view of another tensor is changed in place: change that tensor itself");
  if (!isName && !isSelfAttribute(*this, target))
    return old.text.empty() ? value : fail("'" + old.text + "' is changed in place in a call");
  if (!old.text.empty() && !buffers.count(old.text))
    return fail("the parameter '" + old.text + "' is changed in place in a call");
  Value made = tensorOf(value, old.value);
  made = made ? withType(made, typeOf(old.value)) : Value();
  if (!expects(made))
    return {};
  if (value.is(Is::Tensor) && made == value.value && isKnown(made))
    made = copied(made); // two objects, which go on apart
  showChange(old.value, made);
  for (auto &[name, current] : buffers)
    if (current == old.value)
      current = made;
  Thing now = old;
  now.value = made;
  return now;
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// Another tensor of this type, in place of an input that is left out: what is
/// computed from it is never chosen, so only its shape matters.
Value Translator::fallbackFor(RankedTensorType type) {
  for (auto &[name, thing] : locals)
    if (thing.is(Is::Tensor) && thing.value.getType() == type)
      return thing.value;
  for (Value input : inputs)
    if (input.getType() == type)
      return input;
  for (Value input : inputs) {
    auto other = dyn_cast<RankedTensorType>(input.getType());
    if (!other || other.getRank() != type.getRank() || type.getRank() == 0 ||
        other.getElementType() != type.getElementType())
      continue;
    auto bound = [&](int64_t n) { return net.ops().getI64IntegerAttr(n); };
    Value column =
        make<esper::SliceOp>(net, fullLike(input, 0), bound(-1), bound(0), bound(1), bound(1));
    Value made = type.isDynamicDim(type.getRank() - 1)
                     ? Value()
                     : make<esper::AddOp>(net, column, full(input, 0, type.getShape().back()));
    if (made && made.getType() == type)
      return made;
  }
  fail("nothing here has the shape that this optional input would have");
  return {};
}

/// After `x is not None`, x is a tensor.
void Translator::refine(const Expr &condition, bool holds) {
  if (failed)
    return;
  if (condition.kind == ExprKind::Unary && condition.text == "not")
    return refine(*condition.parts[0], !holds);
  if (condition.kind == ExprKind::Bool && (condition.text == "and") == holds) {
    refine(*condition.parts[0], holds);
    return refine(*condition.parts[1], holds);
  }
  bool isTest = condition.kind == ExprKind::Compare && condition.names.size() == 1 &&
                condition.names[0].starts_with("is") &&
                condition.parts[0]->kind == ExprKind::Name &&
                condition.parts[1]->kind == ExprKind::None;
  if (!isTest)
    return;
  auto found = locals.find(condition.parts[0]->text);
  if (found == locals.end() || !found->second.is(Is::Given))
    return;
  if ((condition.names[0] == "is not") != holds) {
    found->second = Thing::none();
    return;
  }
  Value input = found->second.value;
  auto type = cast<esper::OptionalType>(input.getType()).getTensor();
  Value fallback = fallbackFor(type);
  if (fallback)
    found->second =
        Thing::tensor(esper::ValueOrOp::create(net.ops(), net.loc(), type, input, fallback));
}

/// What a branch leaves of its gate is undone where it ends.
Translator::Flow Translator::executeUnder(const Thing &condition, bool value,
                                          llvm::function_ref<Flow()> body) {
  bool isMode = condition.is(Is::Flag) && condition.value.getDefiningOp<esper::TrainingOp>();
  bool trains = isMode && value != bool(condition.integer);
  Value gateBefore = trainingGate;
  unsigned maskedBefore = masked, gatedBefore = gated;
  if (trains)
    trainingGate = condition.value;
  else if (isMode)
    ++gated;
  else if (!condition.is(Is::Flag))
    ++masked;
  Variables outside = locals;
  forks.push_back(&outside);
  Flow flow = body();
  forks.pop_back();
  trainingGate = gateBefore;
  masked = maskedBefore;
  gated = gatedBefore;
  return flow;
}

Translator::Flow Translator::executeBranch(const Thing &condition, bool value, const Stmt &stmt) {
  return executeUnder(condition, value, [&] {
    refine(*stmt.exprs[0], value);
    return execute(value ? stmt.body : stmt.otherwise);
  });
}

void Translator::merge(const Thing &condition, Scene left, Scene right) {
  restore(right);
  for (auto &[name, thing] : left.locals) {
    auto other = right.locals.find(name);
    if (other == right.locals.end())
      locals[name] = Thing();
    else
      locals[name] = choose(condition, thing, other->second);
  }
  for (auto &[name, thing] : right.locals)
    if (!left.locals.count(name))
      locals[name] = Thing();
  for (auto &[name, value] : left.buffers)
    if (value != right.buffers[name]) {
      Thing made = choose(condition, Thing::tensor(value), Thing::tensor(right.buffers[name]));
      if (!failed)
        buffers[name] = made.value;
    }
}

static bool onlyRaises(const python::Block &block) {
  return block.size() == 1 && block[0]->kind == StmtKind::Raise;
}

/// What was an optional input in front of two branches is one behind them, though one knew that it
/// is there and the other that it is not.
static void keepOptionals(const Variables &before, Variables &left, Variables &right) {
  auto isUnwrapped = [](const Thing &thing) {
    return thing.value && thing.value.getDefiningOp<esper::ValueOrOp>();
  };
  for (const auto &[name, thing] : before) {
    if (!thing.is(Is::Given))
      continue;
    Thing &one = left[name], &other = right[name];
    if (one.is(Is::Given) || other.is(Is::Given))
      continue;
    if ((isUnwrapped(one) && other.is(Is::None)) || (isUnwrapped(other) && one.is(Is::None)))
      one = other = thing;
  }
}

/// `next` is where `block` goes on: with a path that returns, what follows
/// belongs to the other one.
Translator::Flow Translator::executeIf(const Stmt &stmt, const python::Block &block, size_t next) {
  Thing condition = evaluate(*stmt.exprs[0]);
  if (failed)
    return Flow::Returned;
  if (condition.is(Is::Given))
    return fail("an optional input is no condition: test `is not None`"), Flow::Returned;
  if (std::optional<bool> value = known(condition)) {
    refine(*stmt.exprs[0], *value);
    Flow flow = execute(*value ? stmt.body : stmt.otherwise);
    return flow == Flow::Returned ? flow : execute(block, next);
  }
  if (onlyRaises(stmt.body) && stmt.otherwise.empty()) {
    warn("a check of values that are known at run time is left out");
    return execute(block, next);
  }
  if (!condition.is(Is::Flag)) {
    condition = maskOf(condition);
    if (failed)
      return Flow::Returned;
  }
  Scene before = scene();
  Flow first = executeBranch(condition, true, stmt);
  Scene left = scene();
  Thing leftResult = result;
  restore(before);
  Flow second = failed ? Flow::Returned : executeBranch(condition, false, stmt);
  if (failed)
    return Flow::Returned;
  if (first == Flow::On && second == Flow::On) {
    keepOptionals(before.locals, left.locals, locals);
    merge(condition, left, scene());
    return failed ? Flow::Returned : execute(block, next);
  }
  if (first == Flow::On) { // the second returned: the first goes on
    Scene right = scene();
    Thing rightResult = result;
    restore(left);
    executeUnder(condition, true, [&] { return execute(block, next); });
    left = scene();
    leftResult = result;
    restore(right);
    result = rightResult;
  } else if (second == Flow::On) {
    result = Thing::none();
    executeUnder(condition, false, [&] { return execute(block, next); });
  }
  if (failed)
    return Flow::Returned;
  Thing rightResult = result;
  merge(condition, left, scene());
  result = choose(condition, leftResult, rightResult);
  if (!failed && result.is(Is::Nothing))
    fail("the paths of this if return " + describe(leftResult) + " and " + describe(rightResult) +
         ": expected the same kind of results");
  return Flow::Returned;
}

//===----------------------------------------------------------------------===//
// Loops and contexts
//===----------------------------------------------------------------------===//

Translator::Flow Translator::executeFor(const Stmt &stmt) {
  Thing source = evaluate(*stmt.exprs[1]);
  std::optional<Things> rounds = failed ? std::nullopt : iterable(source);
  if (!rounds) {
    if (!failed)
      fail("a loop over " + describe(source) +
           ": expected a number of rounds known before the call");
    return Flow::Returned;
  }
  for (const Thing &element : *rounds) {
    assign(*stmt.exprs[0], element);
    if (failed || execute(stmt.body) == Flow::Returned)
      return Flow::Returned;
  }
  return Flow::On;
}

/// torch.no_grad()
bool Translator::isNoGradCall(const Expr &expr) {
  return expr.kind == ExprKind::Call && expr.parts.size() == 1 &&
         expr.parts[0]->kind == ExprKind::Attribute &&
         evaluate(*expr.parts[0]).text == "torch.no_grad";
}

Translator::Flow Translator::executeWith(const Stmt &stmt) {
  for (const python::ExprPtr &context : stmt.exprs)
    if (!isNoGradCall(*context) && !failed)
      fail("expected torch.no_grad() as the context of 'with'");
  return failed ? Flow::Returned : executeWithoutGradient(stmt.body);
}

/// What the block makes has no gradient.
Translator::Flow Translator::executeWithoutGradient(const python::Block &block) {
  Scene before = scene();
  Flow flow = execute(block);
  if (failed)
    return flow;
  auto cut = [&](Value value) {
    bool floats = isa<FloatType>(typeOf(value).getElementType());
    bool state = value.getDefiningOp<esper::BufferOp>() != nullptr;
    return floats && !state ? make<esper::DetachOp>(net, value) : value;
  };
  for (auto &[name, thing] : locals)
    if (thing.is(Is::Tensor) && thing.value != before.locals[name].value)
      thing.value = cut(thing.value);
  for (auto &[name, value] : buffers)
    if (value != before.buffers[name])
      value = cut(value);
  if (flow == Flow::Returned && result.is(Is::Tensor))
    result.value = cut(result.value);
  return flow;
}

//===----------------------------------------------------------------------===//
// All statements
//===----------------------------------------------------------------------===//

static void augment(Translator &t, const Stmt &stmt) {
  const Expr &target = *stmt.exprs[0];
  Thing before = t.evaluate(target), change = t.evaluate(*stmt.exprs[1]);
  if (t.failed)
    return;
  t.moveTo(stmt.at);
  Thing made = t.binary(stmt.text, before, change);
  // Of an input the caller's tensor stays as it is.
  bool isObject = before.is(Is::Tensor) && target.kind != ExprKind::Subscript &&
                  !isa<BlockArgument>(before.value);
  if (t.failed)
    return;
  if (isObject && made.is(Is::Tensor))
    t.changeInPlace(target, made);
  else
    t.assign(target, made);
}

Translator::Flow Translator::executeOne(const Stmt &stmt) {
  switch (stmt.kind) {
  case StmtKind::Expression:
    if (stmt.exprs[0]->kind != ExprKind::String) // a text that says what is done
      evaluate(*stmt.exprs[0]);
    return Flow::On;
  case StmtKind::Assign: {
    Thing value = evaluate(*stmt.exprs.back());
    for (size_t i = 0; i + 1 < stmt.exprs.size(); ++i)
      assign(*stmt.exprs[i], value);
    return Flow::On;
  }
  case StmtKind::Annotated:
    if (stmt.exprs[2])
      assign(*stmt.exprs[0], evaluate(*stmt.exprs[2]));
    return Flow::On;
  case StmtKind::AugAssign:
    return augment(*this, stmt), Flow::On;
  case StmtKind::For:
    return executeFor(stmt);
  case StmtKind::With:
    return executeWith(stmt);
  case StmtKind::Return:
    result = stmt.exprs[0] ? evaluate(*stmt.exprs[0]) : Thing::none();
    return Flow::Returned;
  case StmtKind::Raise:
    fail("the text raises an error here");
    return Flow::Returned;
  case StmtKind::Assert: {
    const Expr &claim = *stmt.exprs[0];
    Thing condition = evaluate(claim.kind == ExprKind::Tuple ? *claim.parts[0] : claim);
    if (failed)
      return Flow::Returned;
    std::optional<bool> value = known(condition);
    if (value && !*value)
      fail("what is asserted here does not hold");
    if (!value)
      warn("a check of values that are known at run time is left out");
    return Flow::On;
  }
  case StmtKind::Pass:
    return Flow::On;
  case StmtKind::Import:
    if (!isKnownImport(stmt))
      fail("the import of '" + stmt.text + "' is not in the subset that is translated");
    return Flow::On;
  case StmtKind::Break:
  case StmtKind::Continue:
    fail("'break' and 'continue' are not in the subset that is translated");
    return Flow::On;
  default:
    fail("a definition inside of a method is not in the subset that is translated");
    return Flow::On;
  }
}

Translator::Flow Translator::execute(const python::Block &block, size_t from) {
  for (size_t i = from; i < block.size(); ++i) {
    moveTo(block[i]->at);
    if (block[i]->kind == StmtKind::If)
      return executeIf(*block[i], block, i + 1);
    if (executeOne(*block[i]) == Flow::Returned || failed)
      return Flow::Returned;
  }
  return Flow::On;
}
