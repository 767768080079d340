//===- SourceLines.cpp - Words and signs, line by line --------------------===//
//
// Stricter than torch's lexer where that is lenient, so that both see the same
// words: no tabs in front, no continued lines, no prefixes of strings, no strings
// over several lines, no comments with types.
//
//===----------------------------------------------------------------------===//

#include "Source.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez::source;
using llvm::Error;
using llvm::StringRef;

static constexpr size_t mostTokens = size_t(1) << 22; ///< in one line

Error tez::source::refuse(unsigned line, const llvm::Twine &why) {
  return llvm::createStringError("line " + llvm::Twine(line) + ": " + why);
}

std::string tez::source::joined(Tokens tokens) {
  std::string text;
  for (const Token &token : tokens)
    text += token.text;
  return text;
}

size_t tez::source::closing(Tokens tokens, size_t at, bool atComma) {
  for (int depth = 0; at < tokens.size(); ++at) {
    if (tokens[at].kind != Token::Sign)
      continue;
    depth += StringRef("([{").contains(tokens[at].text);
    if (depth == 0 &&
        ((atComma && tokens[at].is(",")) || StringRef(")]}").contains(tokens[at].text)))
      return at;
    depth -= StringRef(")]}").contains(tokens[at].text);
  }
  return at;
}

size_t tez::source::assignment(Tokens tokens) {
  int depth = 0;
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].kind != Token::Sign)
      continue;
    depth += StringRef("([{").contains(tokens[at].text);
    depth -= StringRef(")]}").contains(tokens[at].text);
    if (depth == 0 && tokens[at].is("="))
      return at;
  }
  return tokens.size();
}

static bool isWord(char c) { return llvm::isAlnum(c) || c == '_'; }

namespace {
class Lexer {
public:
  explicit Lexer(StringRef text) : rest(text) {}

  /// Fills `line`; false at the end.
  llvm::Expected<bool> next(Line &line) {
    line.tokens.clear();
    depth = 0;
    while (!rest.empty()) {
      if (line.tokens.empty())
        line.indent = indentation(), line.number = number;
      if (rest.starts_with("\n")) {
        endLine();
        if (depth == 0 && !line.tokens.empty())
          return true;
        continue;
      }
      if (Error error = step(line.tokens))
        return error;
    }
    return !line.tokens.empty();
  }

private:
  unsigned indentation() {
    size_t spaces = rest.size() - rest.ltrim(' ').size();
    if (isAtStart)
      indent = unsigned(std::min<size_t>(spaces, UINT16_MAX));
    isAtStart = false;
    rest = rest.drop_front(spaces);
    return indent;
  }

  void endLine() {
    rest = rest.drop_front();
    ++number;
    isAtStart = true;
  }

  Error step(std::vector<Token> &tokens) {
    char c = rest.empty() ? ' ' : rest.front();
    if (c == ' ') {
      rest = rest.ltrim(' ');
      return Error::success();
    }
    if (c == '#')
      return comment();
    if (tokens.size() == mostTokens)
      return refuse(number, "has more than " + llvm::Twine(mostTokens) + " words and signs");
    if (c == '"' || c == '\'')
      return string(tokens);
    if (llvm::isDigit(c))
      return numeral(tokens);
    if (isWord(c))
      return take(tokens, Token::Name, rest.take_while(isWord).size());
    return sign(tokens);
  }

  Error take(std::vector<Token> &tokens, Token::Kind kind, size_t size) {
    tokens.push_back({kind, rest.take_front(size)});
    rest = rest.drop_front(size);
    bool isWordNext =
        !rest.empty() && (isWord(rest.front()) || rest.front() == '"' || rest.front() == '\'');
    if (kind != Token::Sign && isWordNext)
      return refuse(number, "\"" + tokens.back().text.take_front(32) + "\" runs into a word");
    return Error::success();
  }

  Error comment() {
    StringRef text = rest.take_until([](char c) { return c == '\n'; });
    rest = rest.drop_front(text.size());
    return text.contains("type") ? refuse(number, "a comment with a type") : Error::success();
  }

  Error string(std::vector<Token> &tokens) {
    size_t end = 1;
    while (end < rest.size() && rest[end] != rest.front() && rest[end] != '\n')
      end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size() || rest[end] != rest.front() || rest.take_front(end).contains('\n'))
      return refuse(number, "a string without an end");
    return take(tokens, Token::String, end + 1);
  }

  /// 1, 1., 1.5e-05, 2j
  Error numeral(std::vector<Token> &tokens) {
    auto digits = [&](size_t at) {
      while (at < rest.size() && llvm::isDigit(rest[at]))
        ++at;
      return at;
    };
    size_t end = digits(0);
    if (end < rest.size() && rest[end] == '.')
      end = digits(end + 1);
    if (end < rest.size() && (rest[end] == 'e' || rest[end] == 'E')) {
      size_t exponent = end + 1;
      exponent += exponent < rest.size() && (rest[exponent] == '-' || rest[exponent] == '+');
      end = std::max(end, digits(exponent) > exponent ? digits(exponent) : end);
    }
    end += end < rest.size() && rest[end] == 'j';
    return take(tokens, Token::Number, end);
  }

  Error sign(std::vector<Token> &tokens) {
    char c = rest.front();
    depth += StringRef("([{").contains(c);
    depth -= depth > 0 && StringRef(")]}").contains(c);
    if (rest.starts_with("->"))
      return take(tokens, Token::Sign, 2);
    if (StringRef("()[]{},:=.-").contains(c))
      return take(tokens, Token::Sign, 1);
    if (llvm::isPrint(c))
      return refuse(number, llvm::Twine("the sign '") + llvm::Twine(c) +
                                "', which torch's printer does not write");
    return refuse(number, "byte 0x" + llvm::utohexstr(uint8_t(c)) +
                              ", which torch's printer does not write");
  }

  StringRef rest;
  unsigned number = 1, indent = 0;
  size_t depth = 0;
  bool isAtStart = true;
};
} // namespace

Error tez::source::forEachLine(StringRef text, llvm::function_ref<Error(const Line &)> visit) {
  Lexer lexer(text);
  Line line;
  while (true) {
    llvm::Expected<bool> found = lexer.next(line);
    if (!found)
      return found.takeError();
    if (!*found)
      return Error::success();
    if (Error error = visit(line))
      return error;
  }
}
