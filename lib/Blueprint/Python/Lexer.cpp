//===- Lexer.cpp - The words of a Python text -----------------------------===//

#include "Lexer.h"
#include <array>

using namespace tez::python;

static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool isQuote(char c) { return c == '"' || c == '\''; }

Place Lexer::here() const {
  unsigned before = line == 0 ? start.column - 1 : 0;
  return {start.offset + cursor, start.line + line, before + unsigned(cursor - lineBegin) + 1};
}

void Lexer::advance(size_t count) {
  for (; count > 0; --count)
    if (text[cursor++] == '\n') {
      ++line;
      lineBegin = cursor;
    }
}

void Lexer::add(TokenKind kind, Place at, std::string value) {
  tokens->push_back({kind, at, std::move(value), at});
}

bool Lexer::fail(Place at, std::string message) {
  *fault = {at, std::move(message)};
  return false;
}

bool Lexer::run(std::vector<Token> &into, Fault &where) {
  tokens = &into;
  fault = &where;
  while (cursor < text.size())
    if (!lexOne())
      return false;
  if (!brackets.empty())
    return fail(opened.back(), std::string("'") + brackets.back() + "' is never closed");
  if (hasLines && isInLine())
    add(TokenKind::Newline, here());
  for (size_t i = 1; i < indents.size(); ++i)
    add(TokenKind::Dedent, here());
  add(TokenKind::End, here());
  return true;
}

/// Something stands before this on the line.
bool Lexer::isInLine() const {
  if (tokens->empty())
    return false;
  TokenKind kind = tokens->back().kind;
  return kind != TokenKind::Newline && kind != TokenKind::Dedent && kind != TokenKind::Indent;
}

/// Blank lines and comments have no indentation.
bool Lexer::lexIndentation() {
  unsigned width = 0;
  Place at = here();
  for (; peek() == ' ' || peek() == '\t' || peek() == '\f'; advance(1))
    width = peek() == '\t' ? (width / 8 + 1) * 8 : width + 1;
  atLineStart = false;
  if (peek() == '\0' || peek() == '\n' || peek() == '\r' || peek() == '#')
    return true;
  if (width > indents.back()) {
    indents.push_back(width);
    if (indents.size() > kMostDepth)
      return fail(here(), "blocks nest deeper than " + std::to_string(kMostDepth));
    add(TokenKind::Indent, at);
  }
  for (; width < indents.back(); indents.pop_back())
    add(TokenKind::Dedent, here());
  return width == indents.back() ||
         fail(here(), "the indentation fits none of the blocks around it");
}

bool Lexer::lexOne() {
  if (startsLine())
    return lexIndentation();
  char c = peek();
  if (c == '\n') {
    bool ends = brackets.empty() && hasLines;
    if (ends && isInLine())
      add(TokenKind::Newline, here());
    advance(1);
    atLineStart = ends;
    return true;
  }
  if (c == ' ' || c == '\t' || c == '\r' || c == '\f')
    return advance(1), true;
  if (c == '#') {
    while (cursor < text.size() && peek() != '\n')
      advance(1);
    return true;
  }
  if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n')))
    return advance(peek(1) == '\n' ? 2 : 3), true;
  if (isDigit(c) || (c == '.' && isDigit(peek(1))))
    return lexNumber();
  if (isLetter(c))
    return lexName();
  return isQuote(c) ? lexString(0) : lexOperator();
}

bool Lexer::lexName() {
  size_t length = 1;
  while (isLetter(peek(length)) || isDigit(peek(length)))
    ++length;
  if (length <= 2 && isQuote(peek(length)))
    return lexString(length);
  add(TokenKind::Name, here(), std::string(text.substr(cursor, length)));
  advance(length);
  return true;
}

/// Decimal numbers; underscores may stand between digits.
bool Lexer::lexNumber() {
  Place at = here();
  if (peek() == '0' && isLetter(peek(1)) && peek(1) != 'e' && peek(1) != 'E')
    return fail(at, "expected a decimal number, found one in another base");
  std::string digits;
  bool whole = true;
  auto take = [&] { digits += peek(), advance(1); };
  while (isDigit(peek()) || peek() == '_' || peek() == '.' || peek() == 'e' || peek() == 'E') {
    whole &= isDigit(peek()) || peek() == '_';
    bool exponent = peek() == 'e' || peek() == 'E';
    if (peek() == '_')
      advance(1);
    else
      take();
    if (exponent && (peek() == '+' || peek() == '-'))
      take();
  }
  if (isLetter(peek()))
    return fail(at, "a number must not run into a name");
  add(whole ? TokenKind::Int : TokenKind::Float, at, digits);
  return true;
}

bool Lexer::appendEscape(std::string &value) {
  static constexpr std::string_view from = "ntr\\'\"0", to = {"\n\t\r\\'\"\0", 7};
  size_t known = from.find(peek(1));
  if (peek(1) == '\n')
    return advance(2), true;
  if (known == std::string_view::npos) // as Python: the backslash stays
    return value += '\\', advance(1), true;
  value += to[known];
  return advance(2), true;
}

bool Lexer::lexString(size_t prefixLength) {
  Place at = here();
  std::string prefix(text.substr(cursor, prefixLength));
  for (char &c : prefix)
    c = c < 'a' ? char(c + 32) : c;
  if (prefix.find_first_not_of("rfu") != std::string::npos)
    return fail(at, "strings of the prefix '" + prefix + "' are not supported");
  advance(prefixLength);
  bool raw = prefix.find('r') != std::string::npos, format = prefix.find('f') != std::string::npos;
  char quote = peek();
  size_t quotes = peek(1) == quote && peek(2) == quote ? 3 : 1;
  advance(quotes);
  Place inside = here();
  std::string end(quotes, quote), value;
  while (text.substr(cursor, quotes) != end) {
    if (cursor >= text.size() || (quotes == 1 && peek() == '\n'))
      return fail(at, "the string is never closed");
    if (peek() == '\\' && !raw && !format) {
      appendEscape(value);
      continue;
    }
    if (peek() == '\\' && cursor + 1 < text.size()) {
      value += peek();
      advance(1);
    }
    value += peek();
    advance(1);
  }
  advance(quotes);
  add(format ? TokenKind::FString : TokenKind::String, at, std::move(value));
  tokens->back().inside = inside;
  return true;
}

static std::string_view operatorAt(std::string_view rest) {
  static constexpr std::array<std::string_view, 25> longer = {
      "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=",
      "->",  "+=",  "-=",  "*=",  "/=",  "%=", "&=", "|=", "^=", "@=", ":=", "<>"};
  for (std::string_view spelling : longer)
    if (rest.starts_with(spelling))
      return spelling;
  return rest.substr(0, 1);
}

static std::string shown(char c) {
  if (c > 0x20 && c < 0x7f)
    return std::string("'") + c + "'";
  return "a byte " + std::to_string(unsigned(static_cast<unsigned char>(c)));
}

bool Lexer::lexOperator() {
  std::string_view found = operatorAt(text.substr(cursor));
  char c = found.front();
  if (std::string_view("()[]{}:,.+-*/%@&|^~<>=!;").find(c) == std::string_view::npos ||
      found == "!")
    return fail(here(), "expected a word of Python, found " + shown(c));
  if (c == '(' || c == '[' || c == '{') {
    brackets += c;
    opened.push_back(here());
    if (brackets.size() > kMostDepth)
      return fail(here(), "brackets nest deeper than " + std::to_string(kMostDepth));
  }
  if (c == ')' || c == ']' || c == '}') {
    char opener = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (brackets.empty() || brackets.back() != opener)
      return fail(here(), std::string("'") + c + "' closes no bracket");
    brackets.pop_back();
    opened.pop_back();
  }
  add(TokenKind::Operator, here(), std::string(found));
  advance(found.size());
  return true;
}
