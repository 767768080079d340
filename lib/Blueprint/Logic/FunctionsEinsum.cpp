//===- FunctionsEinsum.cpp - torch.einsum ---------------------------------===//
//
// One or two operands. Where both are summed over one letter it is a product of matrices, else the
// elements are multiplied and summed.
//
//===----------------------------------------------------------------------===//

#include "Names.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/StringExtras.h"
#include <set>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

namespace {
struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

/// A tensor whose dimensions have letters.
struct Term {
  Value value; ///< null after an error
  std::string letters;
};
} // namespace

static bool has(StringRef letters, char letter) { return letters.contains(letter); }

static std::string only(StringRef letters, llvm::function_ref<bool(char)> taken) {
  std::string kept;
  for (char letter : letters)
    if (taken(letter))
      kept += letter;
  return kept;
}

//===----------------------------------------------------------------------===//
// The equation
//===----------------------------------------------------------------------===//

/// Without `->`: the letters that occur once, in their order in ASCII.
static std::string impliedOutput(const Equation &equation) {
  std::map<char, int> counts;
  for (const std::string &input : equation.inputs)
    for (char letter : input)
      ++counts[letter];
  std::string output;
  for (auto [letter, count] : counts)
    if (count == 1)
      output += letter;
  return output;
}

/// Letters, each of them once.
static bool areLetters(StringRef letters) {
  return llvm::all_of(letters, llvm::isAlpha) &&
         std::set<char>(letters.begin(), letters.end()).size() == letters.size();
}

/// What of the equation is not in the subset; empty for nothing.
static std::string faultOf(const Equation &equation, size_t operands) {
  if (operands < 1 || operands > 2)
    return "one or two operands are in the subset, found " + std::to_string(operands);
  if (equation.inputs.size() != operands)
    return "the equation is of " + std::to_string(equation.inputs.size()) + " operands, found " +
           std::to_string(operands);
  for (const std::string &input : equation.inputs)
    if (!areLetters(input))
      return "'" + input + "': expected letters, each of them once";
  std::string all = llvm::join(equation.inputs, "");
  if (!areLetters(equation.output) ||
      !only(equation.output, [&](char letter) { return !has(all, letter); }).empty())
    return "'" + equation.output + "': expected letters of the operands, each of them once";
  return "";
}

static std::optional<Equation> parse(Translator &t, const Arguments &a, size_t operands) {
  if (!a["equation"].is(Is::String))
    return t.fail("'" + a.function + "' needs an equation known before the call, found " +
                  describe(a["equation"])),
           std::nullopt;
  std::string text = a["equation"].text;
  llvm::erase(text, ' ');
  auto [left, right] = StringRef(text).split("->");
  Equation equation;
  for (StringRef input : llvm::split(left, ','))
    equation.inputs.push_back(input.str());
  equation.output = StringRef(text).contains("->") ? right.str() : impliedOutput(equation);
  std::string fault = StringRef(text).contains('.') ? "an ellipsis is not in the subset"
                                                    : faultOf(equation, operands);
  if (!fault.empty())
    return t.fail("'" + a.function + "' of \"" + text + "\": " + fault), std::nullopt;
  return equation;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// The equation tells how many dimensions an operand has. Null after an error.
static Value operandOf(Translator &t, const Arguments &a, const Thing &thing, StringRef letters) {
  Value value = t.tensorOf(thing);
  if (!value)
    return {};
  t.learnRank(value, int64_t(letters.size()));
  t.net.fixRank(value);
  if (typeOf(value).getRank() != int64_t(letters.size()))
    return t.fail("'" + a.function + "': \"" + letters + "\" names " + Twine(letters.size()) +
                  " dimensions, found a tensor of " + Twine(typeOf(value).getRank())),
           Value();
  if (!isa<FloatType>(typeOf(value).getElementType()))
    return t.fail("'" + a.function + "': expected tensors of floats, found integers"), Value();
  return value;
}

/// A letter has one size in all operands. False after an error.
static bool agree(Translator &t, const Arguments &a, ArrayRef<Term> terms) {
  std::map<char, int64_t> sizes;
  for (const Term &term : terms)
    for (auto [dim, letter] : llvm::enumerate(term.letters)) {
      int64_t size = typeOf(term.value).getDimSize(int64_t(dim));
      auto [known, isNew] = sizes.try_emplace(letter, size);
      if (!isNew && esper::isDynamic(known->second))
        known->second = size;
      else if (!esper::isDynamic(size) && size != known->second)
        return t.fail("'" + a.function + "': the dimension '" + Twine(letter) + "' has the sizes " +
                      Twine(known->second) + " and " + Twine(size)),
               false;
    }
  for (const Term &term : terms) {
    SmallVector<int64_t> dims;
    for (char letter : term.letters)
      dims.push_back(sizes[letter]);
    t.learn(term.value, typeOf(term.value).clone(dims));
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

static Term summed(Translator &t, const Term &term, StringRef gone) {
  SmallVector<int64_t> dims;
  for (auto [dim, letter] : llvm::enumerate(term.letters))
    if (has(gone, letter))
      dims.push_back(int64_t(dim));
  if (dims.empty() || !term.value)
    return term;
  return {t.reduce(term.value, esper::ReduceKind::Sum, dims, false),
          only(term.letters, [&](char letter) { return !has(gone, letter); })};
}

static Value ordered(Translator &t, const Term &term, StringRef order) {
  if (!term.value || term.letters == order)
    return term.value;
  SmallVector<int64_t> dims;
  for (char letter : order)
    dims.push_back(int64_t(term.letters.find(letter)));
  return make<esper::PermuteOp>(t.net, term.value, dims);
}

/// With a dimension of size 1 for each letter that it lacks.
static Value spreadOver(Translator &t, const Term &term, StringRef order) {
  Value value =
      ordered(t, term, only(order, [&](char letter) { return has(term.letters, letter); }));
  for (auto [dim, letter] : llvm::enumerate(order))
    if (value && !has(term.letters, letter))
      value = make<esper::UnsqueezeOp>(t.net, value, int64_t(dim));
  return value;
}

static Term productAndSum(Translator &t, const Term &left, const Term &right, StringRef output,
                          StringRef contracted) {
  std::string order = output.str() + contracted.str();
  Value a = spreadOver(t, left, order), b = a ? spreadOver(t, right, order) : Value();
  Value product = b ? make<esper::MultiplyOp>(t.net, a, b) : Value();
  return summed(t, {product, order}, contracted);
}

/// Sums over one letter; nullopt where it is no product of matrices: with dimensions of a batch
/// both have one letter of their own, without them one has one and the other any number.
static std::optional<Term> matrixProduct(Translator &t, const Term &left, const Term &right,
                                         StringRef batch, StringRef contracted) {
  auto own = [&](const Term &term) {
    return only(term.letters,
                [&](char letter) { return !has(batch, letter) && !has(contracted, letter); });
  };
  std::string rows = own(left), columns = own(right);
  bool swaps = batch.empty() && rows.size() == 1 && columns.size() > 1;
  if (swaps)
    return matrixProduct(t, right, left, batch, contracted);
  if (contracted.size() != 1 || columns.size() != 1 || rows.empty() ||
      (!batch.empty() && rows.size() != 1))
    return std::nullopt;
  Value a = ordered(t, left, batch.str() + rows + contracted.str());
  Value b = a ? ordered(t, right, batch.str() + contracted.str() + columns) : Value();
  return Term{b ? make<esper::MatmulOp>(t.net, a, b) : Value(), batch.str() + rows + columns};
}

static Value contract(Translator &t, Term left, Term right, StringRef output) {
  auto lone = [&](const Term &term, const Term &other) {
    return only(term.letters,
                [&](char letter) { return !has(output, letter) && !has(other.letters, letter); });
  };
  left = summed(t, left, lone(left, right));
  right = summed(t, right, lone(right, left));
  std::string common = only(left.letters, [&](char letter) { return has(right.letters, letter); });
  std::string batch = only(common, [&](char letter) { return has(output, letter); });
  std::string contracted = only(common, [&](char letter) { return !has(output, letter); });
  if (!left.value || !right.value)
    return {};
  std::optional<Term> made = matrixProduct(t, left, right, batch, contracted);
  return ordered(t, made ? *made : productAndSum(t, left, right, output, contracted), output);
}

static Thing einsum(Translator &t, const Arguments &a) {
  Things operands = a["operands"].is(Is::List) ? *a["operands"].elements : Things();
  std::optional<Equation> equation = parse(t, a, operands.size());
  if (!equation)
    return {};
  SmallVector<Term> terms;
  for (auto [operand, letters] : llvm::zip(operands, equation->inputs)) {
    terms.push_back({operandOf(t, a, operand, letters), letters});
    if (!terms.back().value)
      return {};
  }
  if (!agree(t, a, terms))
    return {};
  StringRef output = equation->output;
  if (terms.size() == 2)
    return Thing::tensor(contract(t, terms[0], terms[1], output));
  std::string gone = only(terms[0].letters, [&](char letter) { return !has(output, letter); });
  return Thing::tensor(ordered(t, summed(t, terms[0], gone), output));
}

FunctionTable logic::einsumFunctions() { return {{"einsum", "t", "equation *operands", einsum}}; }
