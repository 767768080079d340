//===- SourceClasses.cpp - Classes and functions of a source --------------===//

#include "Source.h"
#include "SourceForms.h"
#include "llvm/ADT/STLExtras.h"

using namespace tez::source;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

std::string tez::source::moduleOf(StringRef record) {
  record.consume_front("code/");
  record.consume_back(".py");
  std::string module = record.str();
  std::replace(module.begin(), module.end(), '/', '.');
  return module;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static bool isKnown(StringRef name, const Declarations &declarations) {
  return name.starts_with("__torch__.")
             ? declarations.classes.contains(name) || llvm::is_contained(packedClasses, name)
             : llvm::is_contained(typeNames, name);
}

Error tez::source::checkType(Tokens type, const Declarations &declarations) {
  for (size_t i = 0; i < type.size(); ++i) {
    if (type[i].kind == Token::Sign && StringRef("[](),").contains(type[i].text))
      continue;
    size_t end = i + 1;
    while (type[i].kind == Token::Name && end + 1 < type.size() && type[end].is(".") &&
           type[end + 1].kind == Token::Name)
      end += 2;
    std::string name = joined(type.slice(i, end - i));
    if (type[i].kind != Token::Name || !isKnown(name, declarations))
      return llvm::createStringError("the type \"" + name + "\" is none of a kernel");
    i = end - 1;
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Lines outside of functions
//===----------------------------------------------------------------------===//

namespace {
/// Goes through a source and tells the kinds of its lines apart. What is inside of
/// a class is indented by 2, as torch prints it, so that nobody can take a line of
/// a function for one of the class.
class Walker {
public:
  struct Handler {
    llvm::function_ref<Error(StringRef name, bool isModule)> onClass;
    llvm::function_ref<Error(StringRef owner, const Line &)> onMember;
    /// The signature, then the statements.
    llvm::function_ref<Error(StringRef owner, StringRef name, llvm::ArrayRef<Line>)> onFunction;
  };
  Walker(StringRef module, const Handler &handler) : module(module), handler(handler) {}

  Error walk(StringRef text) {
    if (Error error = forEachLine(text, [this](const Line &line) { return step(line); }))
      return error;
    return finishFunction();
  }

private:
  Error step(const Line &line) {
    if (!function.empty() && line.indent > function.front().indent) {
      function.push_back(line);
      return Error::success();
    }
    if (Error error = finishFunction())
      return error;
    const Token &first = line.tokens.front();
    if (line.indent == 0)
      owner.clear();
    bool isInClass = line.indent == 2 && !owner.empty();
    if (first.is("def") && (isInClass || line.indent == 0))
      return beginFunction(line);
    if (first.is("class") && line.indent == 0)
      return beginClass(line);
    if (isInClass)
      return handler.onMember(owner, line);
    return refuse(line.number,
                  "expected a class or a function, found \"" + first.text.take_front(32) + "\"");
  }

  /// class NAME(Module):
  Error beginClass(const Line &line) {
    Tokens t = line.tokens;
    bool isModule = t.size() == 6 && t[3].is("Module");
    bool fits = t.size() == 6 && t[1].kind == Token::Name && t[2].is("(") && t[4].is(")") &&
                t[5].is(":") && (isModule || t[3].is("NamedTuple"));
    if (!fits)
      return refuse(line.number, "expected \"class NAME(Module):\"");
    owner = (module + "." + t[1].text).str();
    return handler.onClass(owner, isModule);
  }

  Error beginFunction(const Line &line) {
    if (line.tokens.size() < 5 || line.tokens[1].kind != Token::Name || !line.tokens[2].is("("))
      return refuse(line.number, "expected \"def NAME(...) -> TYPE:\"");
    function = {line};
    return Error::success();
  }

  Error finishFunction() {
    if (function.empty())
      return Error::success();
    std::vector<Line> lines = std::exchange(function, {});
    return handler.onFunction(owner, lines.front().tokens[1].text, lines);
  }

  StringRef module;
  const Handler &handler;
  std::string owner;
  std::vector<Line> function;
};
} // namespace

/// NAME : TYPE, or __annotations__["NAME"] = TYPE; Final[TYPE] = VALUE.
static bool splitAttribute(Tokens line, StringRef &name, Tokens &type) {
  if (line.size() > 5 && line[0].is("__annotations__") && line[1].is("[") &&
      line[2].kind == Token::String && line[3].is("]") && line[4].is("=")) {
    name = line[2].text.drop_front().drop_back();
    type = line.drop_front(5);
    return true;
  }
  if (line.size() < 3 || line[0].kind != Token::Name || !line[1].is(":"))
    return false;
  name = line[0].text;
  type = line.drop_front(2).take_until([](const Token &token) { return token.is("="); });
  return true;
}

/// Names, numbers, texts and lists of them.
static bool isLiteral(Tokens tokens) {
  return llvm::all_of(tokens, [](const Token &token) {
    return token.kind == Token::Number || token.kind == Token::String ||
           (token.kind == Token::Name ? llvm::is_contained(constantNames, token.text)
                                      : StringRef("()[],-").contains(token.text));
  });
}

static bool isListOfNames(Tokens line) {
  return line.size() > 2 && (line[0].is("__parameters__") || line[0].is("__buffers__")) &&
         line[1].is("=") && isLiteral(line.drop_front(2));
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

Error tez::source::declare(StringRef text, StringRef module, Declarations &to) {
  auto again = [](StringRef name) {
    return llvm::createStringError("\"" + name + "\" is declared twice");
  };
  auto onClass = [&](StringRef name, bool isModule) -> Error {
    auto [entry, isNew] = to.classes.try_emplace(name);
    entry->second.isModule = isModule;
    return isNew ? Error::success() : again(name);
  };
  auto onMember = [&](StringRef owner, const Line &line) -> Error {
    StringRef name;
    Tokens type;
    if (!splitAttribute(line.tokens, name, type))
      return Error::success();
    Attribute attribute = {joined(type), type.front().is("Final")};
    bool isNew = to.classes[owner].attributes.try_emplace(name, attribute).second;
    return isNew ? Error::success() : refuse(line.number, "declares \"" + name + "\" twice");
  };
  auto onFunction = [&](StringRef owner, StringRef name, llvm::ArrayRef<Line> lines) -> Error {
    bool isNew = owner.empty() ? to.functions.insert((module + "." + name).str()).second
                               : to.classes[owner].methods.insert(name).second;
    return isNew ? Error::success()
                 : refuse(lines.front().number, "defines \"" + name + "\" twice");
  };
  return Walker(module, {onClass, onMember, onFunction}).walk(text);
}

static Error checkMember(const Line &line, const Declarations &declarations) {
  Tokens tokens = line.tokens, type;
  StringRef name;
  if ((tokens.size() == 1 && tokens[0].is("pass")) || isListOfNames(tokens))
    return Error::success();
  if (!splitAttribute(tokens, name, type) || type.empty())
    return refuse(line.number, "expected an attribute or a method, found \"" +
                                   StringRef(joined(tokens)).take_front(64) + "\"");
  if (Error error = checkType(type, declarations))
    return refuse(line.number, llvm::toString(std::move(error)));
  Tokens value = type.data() + type.size() == tokens.data() + tokens.size()
                     ? Tokens()
                     : tokens.drop_front(size_t(type.data() + type.size() + 1 - tokens.data()));
  return isLiteral(value) ? Error::success()
                          : refuse(line.number, "the value of \"" + name + "\" is no literal");
}

Error tez::source::check(StringRef text, StringRef module, const Declarations &declarations) {
  auto onClass = [](StringRef, bool) -> Error { return Error::success(); };
  auto onMember = [&](StringRef, const Line &line) { return checkMember(line, declarations); };
  auto onFunction = [&](StringRef owner, StringRef name, llvm::ArrayRef<Line> lines) -> Error {
    if (name.starts_with("__") && name != "__len__" && name != "__contains__")
      return refuse(lines.front().number,
                    "defines \"" + name + "\", which torch would call by itself");
    return checkFunction(lines, declarations);
  };
  return Walker(module, {onClass, onMember, onFunction}).walk(text);
}
