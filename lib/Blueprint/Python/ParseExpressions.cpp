//===- ParseExpressions.cpp - Expressions of the subset -------------------===//

#include "Parser.h"
#include <algorithm>
#include <charconv>

using namespace tez::python;

static std::vector<ExprPtr> list(ExprPtr a, ExprPtr b = nullptr, ExprPtr c = nullptr) {
  std::vector<ExprPtr> parts;
  for (ExprPtr *part : {&a, &b, &c})
    if (*part)
      parts.push_back(std::move(*part));
  return parts;
}

/// Who walks a tree walks it by recursion, so its depth has a limit too.
ExprPtr Parser::node(ExprKind kind, Place at, std::vector<ExprPtr> parts, std::string text) {
  auto made = std::make_unique<Expr>();
  made->kind = kind;
  made->at = at;
  for (const ExprPtr &part : parts)
    if (part)
      made->depth = std::max(made->depth, part->depth + 1);
  if (made->depth > 2 * kMostDepth)
    fail(at, "the expression has more than " + std::to_string(2 * kMostDepth) +
                 " operations inside of each other");
  made->parts = std::move(parts);
  made->text = std::move(text);
  return made;
}

bool Parser::startsExpression() const {
  TokenKind kind = peek().kind;
  return kind != TokenKind::Newline && kind != TokenKind::End && kind != TokenKind::Dedent &&
         !isWord(")") && !isWord("]") && !isWord("}") && !isWord("=") && !isWord(";") &&
         !isWord(":");
}

ExprPtr Parser::parseAlone() {
  ExprPtr made = parseExpressions();
  if (peek().kind != TokenKind::End)
    fail(peek().at, "expected the end of the expression, found '" + peek().text + "'");
  return made;
}

ExprPtr Parser::parseExpressions() {
  Place at = peek().at;
  ExprPtr first = parseExpression();
  if (!isWord(","))
    return first;
  std::vector<ExprPtr> parts = list(std::move(first));
  while (takeWord(",") && startsExpression())
    parts.push_back(parseExpression());
  return node(ExprKind::Tuple, at, std::move(parts));
}

/// Names of a loop: what `in` follows.
ExprPtr Parser::parseTargets() {
  Place at = peek().at;
  std::vector<ExprPtr> parts = list(parsePostfix());
  bool several = isWord(",");
  while (takeWord(",") && !isWord("in"))
    parts.push_back(parsePostfix());
  return several ? node(ExprKind::Tuple, at, std::move(parts)) : std::move(parts.front());
}

ExprPtr Parser::parseExpression() {
  Deeper deeper(*this);
  Place at = peek().at;
  for (std::string_view word : {"lambda", "yield", "await", "*", "**"})
    if (isWord(word))
      fail(at, "'" + std::string(word) + "' is not in the subset that is translated");
  ExprPtr value = parseOr();
  if (isWord(":="))
    fail(peek().at, "':=' is not in the subset that is translated");
  if (!takeWord("if"))
    return value;
  ExprPtr condition = parseOr();
  expectWord("else");
  ExprPtr otherwise = parseExpression();
  return node(ExprKind::Conditional, at,
              list(std::move(condition), std::move(value), std::move(otherwise)));
}

ExprPtr Parser::parseOr() {
  ExprPtr left = parseAnd();
  while (isWord("or")) {
    Place at = tokens[cursor++].at;
    left = node(ExprKind::Bool, at, list(std::move(left), parseAnd()), "or");
  }
  return left;
}

ExprPtr Parser::parseAnd() {
  ExprPtr left = parseNot();
  while (isWord("and")) {
    Place at = tokens[cursor++].at;
    left = node(ExprKind::Bool, at, list(std::move(left), parseNot()), "and");
  }
  return left;
}

ExprPtr Parser::parseNot() {
  Deeper deeper(*this);
  Place at = peek().at;
  return takeWord("not") ? node(ExprKind::Unary, at, list(parseNot()), "not") : parseComparison();
}

ExprPtr Parser::parseComparison() {
  ExprPtr first = parseBinary(0);
  std::vector<std::string> operators;
  Place at = peek().at;
  std::vector<ExprPtr> parts = list(std::move(first));
  auto takeOperator = [&]() -> std::string {
    for (const char *word : {"<", "<=", ">", ">=", "==", "!=", "in"})
      if (takeWord(word))
        return word;
    if (takeWord("is"))
      return takeWord("not") ? "is not" : "is";
    if (isWord("not") && peek(1).text == "in")
      return cursor += 2, "not in";
    return {};
  };
  for (std::string op = takeOperator(); !op.empty(); op = takeOperator()) {
    operators.push_back(op);
    parts.push_back(parseBinary(0));
  }
  if (operators.empty())
    return std::move(parts.front());
  ExprPtr made = node(ExprKind::Compare, at, std::move(parts));
  made->names = std::move(operators);
  return made;
}

/// | ^ & << + *, each with its kin.
ExprPtr Parser::parseBinary(unsigned level) {
  static const std::vector<std::vector<std::string_view>> levels = {
      {"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "//", "%", "@"}};
  if (level == levels.size())
    return parseUnary();
  ExprPtr left = parseBinary(level + 1);
  auto isHere = [&](std::string_view op) { return isWord(op); };
  while (std::any_of(levels[level].begin(), levels[level].end(), isHere)) {
    const Token &op = tokens[cursor++];
    left = node(ExprKind::Binary, op.at, list(std::move(left), parseBinary(level + 1)), op.text);
  }
  return left;
}

ExprPtr Parser::parseUnary() {
  Deeper deeper(*this);
  const Token &op = peek();
  if (!isWord("-") && !isWord("+") && !isWord("~"))
    return parsePower();
  ++cursor;
  return node(ExprKind::Unary, op.at, list(parseUnary()), op.text);
}

ExprPtr Parser::parsePower() {
  ExprPtr base = parsePostfix();
  Place at = peek().at;
  return takeWord("**") ? node(ExprKind::Binary, at, list(std::move(base), parseUnary()), "**")
                        : std::move(base);
}

//===----------------------------------------------------------------------===//
// Calls, attributes, subscripts
//===----------------------------------------------------------------------===//

ExprPtr Parser::parsePostfix() {
  ExprPtr value = parseAtom();
  while (!fault) {
    Place at = peek().at;
    if (takeWord(".")) {
      std::string name = takeName();
      value = node(ExprKind::Attribute, at, list(std::move(value)), name);
    } else if (takeWord("(")) {
      value = node(ExprKind::Call, at, list(std::move(value)));
      parseArguments(*value);
    } else if (takeWord("[")) {
      ExprPtr index = parseSubscript();
      expectWord("]");
      value = node(ExprKind::Subscript, at, list(std::move(value), std::move(index)));
    } else {
      break;
    }
  }
  return value;
}

void Parser::parseArguments(Expr &call) {
  while (!takeWord(")") && !fault) {
    std::string name;
    if (isWord("**"))
      fail(peek().at, "'**' in a call is not in the subset that is translated");
    if (takeWord("*")) {
      name = "*";
    } else if (peek().kind == TokenKind::Name && peek(1).text == "=" &&
               peek(1).kind == TokenKind::Operator) {
      name = takeName();
      ++cursor;
    }
    ExprPtr value = parseExpression();
    if (isWord("for"))
      fail(peek().at, "a generator is not in the subset that is translated");
    call.depth = std::max(call.depth, value->depth + 1);
    call.parts.push_back(std::move(value));
    call.names.push_back(std::move(name));
    if (!isWord(")"))
      expectWord(",");
  }
}

ExprPtr Parser::parseSubscript() {
  Place at = peek().at;
  ExprPtr first = parseSlice();
  if (!isWord(","))
    return first;
  std::vector<ExprPtr> parts = list(std::move(first));
  while (takeWord(",") && !isWord("]"))
    parts.push_back(parseSlice());
  return node(ExprKind::Tuple, at, std::move(parts));
}

ExprPtr Parser::parseSlice() {
  Place at = peek().at;
  ExprPtr start;
  auto bound = [&]() -> ExprPtr {
    return isWord(":") || isWord(",") || isWord("]") ? nullptr : parseExpression();
  };
  if (isWord("*"))
    fail(at, "'*' in a subscript is not in the subset that is translated");
  start = bound();
  if (!isWord(":"))
    return start ? std::move(start) : (fail(at, "expected an index"), node(ExprKind::None, at));
  std::vector<ExprPtr> parts;
  parts.push_back(std::move(start));
  for (int i = 0; i < 2; ++i)
    parts.push_back(takeWord(":") ? bound() : nullptr);
  return node(ExprKind::Slice, at, std::move(parts));
}

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

ExprPtr Parser::parseAtom() {
  const Token &token = peek();
  switch (token.kind) {
  case TokenKind::Int:
  case TokenKind::Float:
    return parseNumber();
  case TokenKind::String:
  case TokenKind::FString:
    return parseString();
  default:
    break;
  }
  if (takeWord("("))
    return parseBracketed(ExprKind::Tuple, ")");
  if (takeWord("["))
    return parseBracketed(ExprKind::List, "]");
  if (takeWord("{"))
    return parseDict();
  if (takeWord("..."))
    return node(ExprKind::Ellipsis, token.at);
  if (takeWord("True"))
    return node(ExprKind::True, token.at);
  if (takeWord("False"))
    return node(ExprKind::False, token.at);
  if (takeWord("None"))
    return node(ExprKind::None, token.at);
  Place at = token.at;
  std::string name = takeName();
  return node(ExprKind::Name, at, {}, name);
}

/// (a), (a, b), [a, b], [f(a) for a in b]; `*a` stands for the elements of a.
ExprPtr Parser::parseBracketed(ExprKind kind, std::string_view close) {
  Place at = tokens[cursor - 1].at;
  std::vector<ExprPtr> parts;
  std::vector<std::string> names;
  bool comma = false;
  while (!takeWord(close) && !fault) {
    names.push_back(takeWord("*") ? "*" : "");
    parts.push_back(parseExpression());
    if (isWord("for"))
      return parseComprehension(std::move(parts.back()), close);
    comma |= isWord(",");
    if (!isWord(close))
      expectWord(",");
  }
  if (kind == ExprKind::Tuple && parts.size() == 1 && !comma)
    return std::move(parts.front());
  ExprPtr made = node(kind, at, std::move(parts));
  made->names = std::move(names);
  return made;
}

ExprPtr Parser::parseComprehension(ExprPtr element, std::string_view close) {
  Place at = peek().at;
  if (close != "]")
    fail(at, "a generator is not in the subset that is translated");
  expectWord("for");
  ExprPtr target = parseTargets();
  expectWord("in");
  ExprPtr source = parseOr();
  std::vector<ExprPtr> parts = list(std::move(element), std::move(target), std::move(source));
  while (takeWord("if"))
    parts.push_back(parseOr());
  expectWord(close);
  return node(ExprKind::Comprehension, at, std::move(parts));
}

ExprPtr Parser::parseDict() {
  Place at = tokens[cursor - 1].at;
  std::vector<ExprPtr> parts;
  while (!takeWord("}") && !fault) {
    parts.push_back(parseExpression());
    if (!isWord(":"))
      fail(peek().at, "a set is not in the subset that is translated");
    expectWord(":");
    parts.push_back(parseExpression());
    if (isWord("for"))
      fail(peek().at, "a comprehension of a dictionary is not in the subset that is translated");
    if (!isWord("}"))
      expectWord(",");
  }
  return node(ExprKind::Dict, at, std::move(parts));
}

ExprPtr Parser::parseNumber() {
  const Token &token = tokens[cursor++];
  ExprPtr made = node(token.kind == TokenKind::Int ? ExprKind::Int : ExprKind::Float, token.at);
  const char *begin = token.text.data(), *end = begin + token.text.size();
  auto read = token.kind == TokenKind::Int ? std::from_chars(begin, end, made->integer)
                                           : std::from_chars(begin, end, made->number);
  if (read.ec != std::errc() || read.ptr != end)
    fail(token.at, "expected a number that 64 bits hold, found " + token.text.substr(0, 32));
  return made;
}

/// Strings that follow each other are one.
ExprPtr Parser::parseString() {
  ExprPtr made = node(ExprKind::String, peek().at);
  for (; peek().kind == TokenKind::String || peek().kind == TokenKind::FString; ++cursor) {
    if (peek().kind == TokenKind::String) {
      made->text += peek().text;
      continue;
    }
    made->kind = ExprKind::FString;
    const Token token = peek();
    parseFields(token, *made);
    if (fault)
      break;
  }
  return made;
}

/// The end of the expression that begins at `begin`: a } ! or : outside of brackets.
static size_t endOfField(std::string_view text, size_t begin) {
  int depth = 0;
  char quote = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    char c = text[i];
    if (quote) {
      quote = c == quote ? 0 : quote;
      continue;
    }
    if (c == '\'' || c == '"')
      quote = c;
    if (depth == 0 && (c == '}' || c == ':' || (c == '!' && text.substr(i, 2) != "!=")))
      return i;
    depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
  }
  return text.size();
}

/// The expressions in the braces of an f-string, those of format specifications too.
void Parser::parseFields(const Token &token, Expr &string) {
  std::string_view text = token.text;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{')
      continue;
    if (text.substr(i, 2) == "{{") {
      ++i;
      continue;
    }
    size_t end = endOfField(text, i + 1);
    Place at = token.inside;
    at.offset += i + 1;
    at.column += unsigned(i + 1);
    std::string_view field = text.substr(i + 1, end - i - 1);
    if (field.ends_with('=')) // {x=}: the expression and its value
      field.remove_suffix(1);
    std::vector<Token> words;
    Fault wrong;
    if (!Lexer(field, at, /*hasLines=*/false).run(words, wrong))
      return fail(wrong.at, wrong.message);
    Parser inner(std::move(words), depth + 1);
    string.parts.push_back(inner.parseAlone());
    string.depth = std::max(string.depth, string.parts.back()->depth + 1);
    if (inner.fault)
      return fail(inner.fault->at, inner.fault->message);
    i = end;
    if (i < text.size() && text[i] == '}')
      continue;
    --i; // a specification may hold braces of its own
    while (i + 1 < text.size() && text[i + 1] != '{' && text[i + 1] != '}')
      ++i;
  }
}
