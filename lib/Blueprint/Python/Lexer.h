//===- Lexer.h - The words of a Python text ---------------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_PYTHON_LEXER_H
#define TEZ_LIB_BLUEPRINT_PYTHON_LEXER_H

#include "Syntax.h"

namespace tez::python {

enum class TokenKind : uint8_t {
  Name,
  Int,
  Float,
  String,
  FString, ///< text: as it stands between the quotes
  Operator,
  Newline,
  Indent,
  Dedent,
  End,
};

struct Token {
  TokenKind kind;
  Place at;
  std::string text;
  Place inside; ///< of an FString: where its text begins
};

/// Splits a text into words. `start` is where the text stands in a larger one;
/// an expression inside of an f-string has no lines of its own.
class Lexer {
public:
  Lexer(std::string_view text, Place start, bool hasLines)
      : text(text), start(start), hasLines(hasLines) {}

  /// All words, the last one End; false after a fault.
  bool run(std::vector<Token> &tokens, Fault &fault);

private:
  bool lexOne();
  bool lexIndentation();
  bool lexName();
  bool lexNumber();
  bool lexString(size_t prefixLength);
  bool lexOperator();
  bool appendEscape(std::string &value);
  void add(TokenKind kind, Place at, std::string value = {});
  bool fail(Place at, std::string message);
  void advance(size_t count);
  bool isInLine() const;
  bool startsLine() const { return atLineStart && brackets.empty() && hasLines; }
  char peek(size_t ahead = 0) const {
    return cursor + ahead < text.size() ? text[cursor + ahead] : '\0';
  }
  Place here() const;

  std::string_view text;
  Place start;
  bool hasLines;
  size_t cursor = 0, lineBegin = 0;
  unsigned line = 0; ///< after the first
  bool atLineStart = true;
  std::string brackets; ///< that are open
  std::vector<Place> opened;
  std::vector<unsigned> indents{0};
  std::vector<Token> *tokens = nullptr;
  Fault *fault = nullptr;
};

} // namespace tez::python

#endif // TEZ_LIB_BLUEPRINT_PYTHON_LEXER_H
