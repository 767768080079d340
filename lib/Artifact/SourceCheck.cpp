//===- SourceCheck.cpp - What a function of TorchScript calls -------------===//
//
// A name is followed to what it stands for: an operator, a constant, a local. Only
// what is surely an object of a declared class or a declared function may be called
// or asked for attributes. A method of a tensor would be any operator that torch has.
//
//===----------------------------------------------------------------------===//

#include "Source.h"
#include "SourceForms.h"
#include "SourceLocals.h"
#include "tez/Dialect/TorchScript/Operators.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;
using namespace tez::source;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

namespace {

class FunctionCheck {
public:
  FunctionCheck(llvm::ArrayRef<Line> lines, const Declarations &declarations)
      : lines(lines), declarations(declarations), locals(declarations) {}

  Error run() {
    if (Error error = readSignature(lines.front().tokens))
      return refuse(lines.front().number, llvm::toString(std::move(error)));
    // What a local is may hang on another that is assigned later, in a loop.
    for (size_t round = 0; locals.gather(lines.drop_front()); ++round)
      if (round == 16)
        return refuse(lines.front().number, "passes objects on too often");
    for (const char *name : reservedNames)
      if (locals.find(name))
        return refuse(lines.front().number,
                      Twine("has a local \"") + name + "\", a name that leads to operators");
    for (const Line &line : lines.drop_front())
      if (Error error = statement(line.tokens))
        return refuse(line.number, llvm::toString(std::move(error)));
    return Error::success();
  }

private:
  static Error no(const Twine &why) { return llvm::createStringError(why); }

  Error readSignature(Tokens tokens);
  Error readParameter(Tokens tokens);

  Error statement(Tokens tokens);
  Error loop(Tokens tokens);
  Error expression(Tokens tokens);
  Error bracket(Tokens tokens, size_t at);
  Error sign(Tokens tokens, size_t at);
  Error method(Tokens tokens, size_t at);
  Error path(Tokens tokens, size_t &at);
  Error getAttr(Tokens tokens, size_t at);
  Error typed(Tokens tokens, size_t &at);
  Error declared(StringRef name, bool isCalled);
  Error local(Tokens names, bool isCalled);

  llvm::ArrayRef<Line> lines;
  const Declarations &declarations;
  Locals locals;
  std::vector<char> open; ///< brackets
};

} // namespace

//===----------------------------------------------------------------------===//
// The signature
//===----------------------------------------------------------------------===//

Error FunctionCheck::readSignature(Tokens tokens) {
  size_t end = closing(tokens, 3);
  Tokens rest = tokens.drop_front(std::min(end + 1, tokens.size()));
  if (rest.size() < 3 || !rest.front().is("->") || !rest.back().is(":"))
    return no("expected \"def NAME(...) -> TYPE:\"");
  if (Error error = checkType(rest.drop_front().drop_back(), declarations))
    return error;
  for (size_t at = 3; at < end;) {
    size_t comma = closing(tokens, at, /*atComma=*/true);
    if (Error error = readParameter(tokens.slice(at, comma - at)))
      return error;
    at = comma + 1;
  }
  return Error::success();
}

/// NAME: TYPE = VALUE
Error FunctionCheck::readParameter(Tokens tokens) {
  if (tokens.size() < 3 || tokens[0].kind != Token::Name || !tokens[1].is(":"))
    return no("expected \"NAME: TYPE\", found \"" + joined(tokens) + "\"");
  size_t equals = assignment(tokens);
  Tokens type = tokens.slice(2, equals - 2);
  locals.assign(tokens[0].text, declarations.classes.contains(joined(type))
                                    ? Local{Local::Object, joined(type)}
                                    : Local());
  if (Error error = checkType(type, declarations))
    return error;
  return equals < tokens.size() ? expression(tokens.drop_front(equals + 1)) : Error::success();
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

Error FunctionCheck::statement(Tokens t) {
  const Token &first = t.front();
  if (first.kind == Token::Name && t.size() == 1 &&
      (first.is("pass") || first.is("break") || first.is("continue") || first.is("return")))
    return Error::success();
  if (first.is("return"))
    return expression(t.drop_front());
  if (first.is("else") && t.size() == 2 && t[1].is(":"))
    return Error::success();
  if ((first.is("if") || first.is("while")) && t.back().is(":"))
    return expression(t.drop_front().drop_back());
  if (first.is("for"))
    return loop(t);
  size_t equals = assignment(t);
  if (equals == t.size())
    return expression(t);
  for (size_t i = 0; i < equals; ++i)
    if (i % 2 ? !t[i].is(",") : t[i].kind != Token::Name)
      return no("assigns to \"" + joined(t.take_front(equals)) + "\", which is no local");
  return expression(t.drop_front(equals + 1));
}

/// for NAME in EXPRESSION:
Error FunctionCheck::loop(Tokens t) {
  size_t in =
      size_t(llvm::find_if(t, [](const Token &token) { return token.is("in"); }) - t.begin());
  if (in + 1 >= t.size() || !t.back().is(":"))
    return no("expected \"for NAME in VALUES:\"");
  for (size_t i = 1; i < in; ++i)
    if (i % 2 ? t[i].kind != Token::Name : !t[i].is(","))
      return no("expected \"for NAME in VALUES:\"");
  return expression(t.drop_front(in + 1).drop_back());
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

static Token at(Tokens tokens, size_t index) {
  return index < tokens.size() ? tokens[index] : Token();
}

Error FunctionCheck::expression(Tokens tokens) {
  open.clear();
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token &token = tokens[i];
    Token next = at(tokens, i + 1), before = i ? tokens[i - 1] : Token();
    bool isAfterValue = i && (before.kind != Token::Sign || StringRef(")]}").contains(before.text));
    if (token.kind != Token::Sign && isAfterValue)
      return no("\"" + before.text + " " + token.text + "\", which torch's printer does not write");
    if (token.kind == Token::Sign) {
      if (Error error = sign(tokens, i))
        return error;
    } else if (token.kind == Token::Name) {
      bool isKeyword = next.is("=") && !open.empty() && open.back() == '(';
      if (before.is(".") || isKeyword)
        continue;
      if (Error error = path(tokens, i))
        return error;
    } else if (next.is("(") || next.is(".") || next.is("[")) {
      return no("\"" + token.text + next.text + "\", which torch's printer does not write");
    }
  }
  return Error::success();
}

Error FunctionCheck::bracket(Tokens tokens, size_t i) {
  char c = tokens[i].text.front();
  if (StringRef("([{").contains(c)) {
    open.push_back(c);
    if (i && c == '(' && tokens[i - 1].kind == Token::Sign &&
        StringRef(")]}").contains(tokens[i - 1].text))
      return no("calls what an expression yields");
    return Error::success();
  }
  if (open.empty() || open.back() != (c == ')' ? '(' : c == ']' ? '[' : '{'))
    return no("a bracket that does not fit");
  open.pop_back();
  return Error::success();
}

Error FunctionCheck::sign(Tokens tokens, size_t i) {
  StringRef text = tokens[i].text;
  Token before = i ? tokens[i - 1] : Token(), next = at(tokens, i + 1);
  if (StringRef("()[]{}").contains(text))
    return bracket(tokens, i);
  if (text == ".")
    return method(tokens, i);
  bool isFirst = !i || (before.kind == Token::Sign && StringRef("([{,=:").contains(before.text));
  if (text == "-" && isFirst &&
      (next.kind == Token::Number || next.is("inf") || next.is("nan") || next.is("infj")))
    return Error::success();
  if (text == "," || (text == ":" && !open.empty() && open.back() == '{') ||
      (text == "=" && !open.empty() && open.back() == '(' && before.kind == Token::Name &&
       !next.is("=")))
    return Error::success();
  return no("the sign '" + text + "' here, which torch's printer does not write");
}

/// (LOCAL).METHOD(
Error FunctionCheck::method(Tokens t, size_t i) {
  Token name = at(t, i + 1);
  bool fits =
      i >= 3 && t[i - 1].is(")") && t[i - 2].kind == Token::Name && t[i - 3].is("(") &&
      name.kind == Token::Name && at(t, i + 2).is("(") &&
      (i == 3 || (t[i - 4].kind == Token::Sign && !StringRef(")]}").contains(t[i - 4].text)));
  const Class *type = fits ? locals.classOf(t[i - 2]) : nullptr;
  if (type && type->methods.contains(name.text))
    return Error::success();
  return no("calls the method \"" + name.text +
            "\" of something that is no object of a class of the file with such a method");
}

/// c0, c1 ...
static bool isConstant(StringRef name) {
  return name.consume_front("c") && !name.empty() && llvm::all_of(name, llvm::isDigit);
}

/// A dotted name, the last part of which `i` is moved to.
Error FunctionCheck::path(Tokens t, size_t &i) {
  size_t begin = i;
  while (at(t, i + 1).is(".") && at(t, i + 2).kind == Token::Name)
    i += 2;
  Tokens names = t.slice(begin, i - begin + 1);
  bool isCalled = at(t, i + 1).is("(");
  StringRef head = names.front().text;
  if (head == "torch" || head == "ops") {
    std::string call = joined(names);
    StringRef name = names.back().text, space = head == "torch" ? "aten" : at(names, 2).text;
    std::string symbol = (space + "::" + name).str();
    bool fits = names.size() == (head == "torch" ? 3u : 5u) && isCalled;
    if (fits && (!ts::operatorsNamed(symbol).empty() ||
                 llvm::is_contained(formOperators, StringRef(symbol))))
      return Error::success();
    return no("uses " + call + ", which is no call of an operator that kernels may use");
  }
  if (head == "CONSTANTS" && names.size() == 3 && isConstant(names[2].text) && !isCalled)
    return Error::success();
  if (head == "__torch__")
    return declared(joined(names), isCalled);
  if (names.size() == 1 && isCalled && head == "getattr")
    return getAttr(t, i);
  if (names.size() == 1 && isCalled &&
      (head == "annotate" || head == "unchecked_cast" || head == "uninitialized"))
    return typed(t, i);
  if (names.size() == 1 && (isCalled ? head == "range" : llvm::is_contained(constantNames, head)))
    return Error::success();
  return local(names, isCalled);
}

Error FunctionCheck::declared(StringRef name, bool isCalled) {
  auto type = declarations.classes.find(name);
  bool isTuple = type != declarations.classes.end() && !type->second.isModule;
  if (declarations.functions.contains(name) || (isTuple && isCalled))
    return Error::success();
  return no("uses " + name + ", which is no function of the file");
}

/// getattr(LOCAL, "NAME")
Error FunctionCheck::getAttr(Tokens t, size_t i) {
  bool fits = at(t, i + 3).is(",") && at(t, i + 4).kind == Token::String && at(t, i + 5).is(")");
  if (fits && locals.hasAttribute(t[i + 2], unquoted(t[i + 4])))
    return Error::success();
  return no("getattr of something that is no attribute of an object of a class of the file");
}

/// annotate(TYPE, VALUE): goes on behind the type.
Error FunctionCheck::typed(Tokens t, size_t &i) {
  size_t begin = i + 2, end = closing(t, begin, /*atComma=*/true);
  if (end >= t.size())
    return no("a bracket that does not fit");
  open.push_back('(');
  i = end - 1;
  return checkType(t.slice(begin, end - begin), declarations);
}

/// LOCAL, LOCAL.ATTRIBUTE or FUNCTION(
Error FunctionCheck::local(Tokens names, bool isCalled) {
  StringRef head = names.front().text;
  const Local *found = locals.find(head);
  if (!found)
    return no("uses " + joined(names) + ", which is nothing that kernels may use");
  if (names.size() == 1 && (!isCalled || found->kind == Local::Function))
    return Error::success();
  if (names.size() == 3 && !isCalled && locals.hasAttribute(names[0], names[2].text))
    return Error::success();
  return no((isCalled ? "calls " : "reads ") + joined(names) +
            ", which is nothing that the file declares");
}

Error tez::source::checkFunction(llvm::ArrayRef<Line> lines, const Declarations &declarations) {
  return FunctionCheck(lines, declarations).run();
}
