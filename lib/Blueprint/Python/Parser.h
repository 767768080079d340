//===- Parser.h - From words to trees ---------------------------*- C++ -*-===//
//
// Recursive descent. After the first fault the parser stands at the end of the
// words, and what it returns is thrown away: so no caller has to look.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_BLUEPRINT_PYTHON_PARSER_H
#define TEZ_LIB_BLUEPRINT_PYTHON_PARSER_H

#include "Lexer.h"

namespace tez::python {

class Parser {
public:
  Parser(std::vector<Token> tokens, unsigned depth) : tokens(std::move(tokens)), depth(depth) {}

  Block parseFile();
  /// An expression and nothing behind it.
  ExprPtr parseAlone();

  std::optional<Fault> fault;

private:
  // Words
  const Token &peek(size_t ahead = 0) const {
    return tokens[std::min(cursor + ahead, tokens.size() - 1)];
  }
  bool isWord(std::string_view text) const;
  bool takeWord(std::string_view text);
  void expectWord(std::string_view text);
  void expectNewline();
  std::string takeName();
  void fail(Place at, std::string message);

  // Statements (ParseStatements.cpp)
  Block parseBlock();
  void parseLine(Block &into);
  void parseSimple(Block &into);
  std::unique_ptr<Stmt> parseCompound();
  std::unique_ptr<Stmt> parseIf();
  std::unique_ptr<Stmt> parseFor();
  std::unique_ptr<Stmt> parseWith();
  std::unique_ptr<Stmt> parseDecorated();
  std::unique_ptr<Stmt> parseFunction();
  std::unique_ptr<Stmt> parseClass();
  std::unique_ptr<Stmt> parseImport();
  std::unique_ptr<Stmt> parseSmall();
  std::unique_ptr<Stmt> parseAssignment();
  std::vector<Parameter> parseParameters();
  std::unique_ptr<Stmt> statement(StmtKind kind);

  // Expressions, from loose to tight (ParseExpressions.cpp)
  ExprPtr parseExpressions(); ///< a tuple where commas follow
  ExprPtr parseExpression();
  ExprPtr parseOr();
  ExprPtr parseAnd();
  ExprPtr parseNot();
  ExprPtr parseComparison();
  ExprPtr parseBinary(unsigned level);
  ExprPtr parseUnary();
  ExprPtr parsePower();
  ExprPtr parsePostfix();
  ExprPtr parseAtom();
  ExprPtr parseBracketed(ExprKind kind, std::string_view close);
  ExprPtr parseComprehension(ExprPtr element, std::string_view close);
  ExprPtr parseTargets();
  ExprPtr parseDict();
  ExprPtr parseString();
  ExprPtr parseNumber();
  void parseArguments(Expr &call);
  ExprPtr parseSubscript();
  ExprPtr parseSlice();
  void parseFields(const Token &token, Expr &string);
  ExprPtr node(ExprKind kind, Place at, std::vector<ExprPtr> parts = {}, std::string text = {});
  bool startsExpression() const;

  struct Deeper;
  std::vector<Token> tokens;
  size_t cursor = 0;
  unsigned depth;
};

/// While it lives, one level deeper.
struct Parser::Deeper {
  explicit Deeper(Parser &parser) : parser(parser) {
    if (++parser.depth > kMostDepth)
      parser.fail(parser.peek().at, "nested deeper than " + std::to_string(kMostDepth));
  }
  ~Deeper() { --parser.depth; }
  Parser &parser;
};

} // namespace tez::python

#endif // TEZ_LIB_BLUEPRINT_PYTHON_PARSER_H
