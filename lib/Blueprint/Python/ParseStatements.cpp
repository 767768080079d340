//===- ParseStatements.cpp - Statements of the subset ---------------------===//

#include "Parser.h"
#include <algorithm>
#include <array>

using namespace tez::python;

using StmtPtr = std::unique_ptr<Stmt>;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// Words that cannot be names.
static bool isKeyword(std::string_view word) {
  static constexpr std::array<std::string_view, 35> keywords = {
      "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
      "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
      "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
      "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
  return std::find(keywords.begin(), keywords.end(), word) != keywords.end();
}

static std::string describe(const Token &token) {
  switch (token.kind) {
  case TokenKind::Newline:
    return "the end of the line";
  case TokenKind::Indent:
    return "an indentation";
  case TokenKind::Dedent:
    return "the end of the block";
  case TokenKind::End:
    return "the end of the text";
  case TokenKind::String:
  case TokenKind::FString:
    return "a string";
  default:
    return "'" + token.text.substr(0, 32) + "'";
  }
}

bool Parser::isWord(std::string_view text) const {
  const Token &token = peek();
  return (token.kind == TokenKind::Operator || token.kind == TokenKind::Name) && token.text == text;
}

bool Parser::takeWord(std::string_view text) {
  if (!isWord(text))
    return false;
  ++cursor;
  return true;
}

void Parser::expectWord(std::string_view text) {
  if (!takeWord(text))
    fail(peek().at, "expected '" + std::string(text) + "', found " + describe(peek()));
}

std::string Parser::takeName() {
  if (peek().kind != TokenKind::Name || isKeyword(peek().text)) {
    fail(peek().at, "expected a name, found " + describe(peek()));
    return {};
  }
  return tokens[cursor++].text;
}

void Parser::expectNewline() {
  if (peek().kind == TokenKind::Newline)
    ++cursor;
  else if (peek().kind != TokenKind::End)
    fail(peek().at, "expected the end of the line, found " + describe(peek()));
}

void Parser::fail(Place at, std::string message) {
  if (!fault)
    fault = Fault{at, std::move(message)};
  cursor = tokens.size() - 1;
}

StmtPtr Parser::statement(StmtKind kind) {
  auto made = std::make_unique<Stmt>();
  made->kind = kind;
  made->at = peek().at;
  return made;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

Block Parser::parseFile() {
  Block block;
  while (peek().kind != TokenKind::End)
    parseLine(block);
  return block;
}

/// What follows a colon: an indented block, or statements on the same line.
Block Parser::parseBlock() {
  Deeper deeper(*this);
  Block block;
  expectWord(":");
  if (peek().kind != TokenKind::Newline) {
    parseSimple(block);
    return block;
  }
  ++cursor;
  if (peek().kind != TokenKind::Indent)
    fail(peek().at, "expected an indented block, found " + describe(peek()));
  for (++cursor; peek().kind != TokenKind::Dedent && peek().kind != TokenKind::End;)
    parseLine(block);
  cursor += peek().kind == TokenKind::Dedent;
  return block;
}

void Parser::parseLine(Block &into) {
  if (StmtPtr compound = parseCompound())
    into.push_back(std::move(compound));
  else
    parseSimple(into);
}

/// Statements between semicolons.
void Parser::parseSimple(Block &into) {
  do
    into.push_back(parseSmall());
  while (takeWord(";") && peek().kind != TokenKind::Newline);
  expectNewline();
}

/// Null where none begins.
StmtPtr Parser::parseCompound() {
  static constexpr std::array<std::string_view, 3> refused = {"while", "try", "async"};
  if (peek().kind == TokenKind::Indent)
    fail(peek().at, "unexpected indentation");
  for (std::string_view word : refused)
    if (isWord(word))
      fail(peek().at, "'" + std::string(word) + "' is not in the subset that is translated");
  if (isWord("if"))
    return parseIf();
  if (isWord("for"))
    return parseFor();
  if (isWord("with"))
    return parseWith();
  if (isWord("@") || isWord("def") || isWord("class"))
    return parseDecorated();
  return nullptr;
}

StmtPtr Parser::parseIf() {
  Deeper deeper(*this);
  StmtPtr made = statement(StmtKind::If);
  ++cursor; // if, elif
  made->exprs.push_back(parseExpression());
  made->body = parseBlock();
  if (isWord("elif"))
    made->otherwise.push_back(parseIf());
  else if (takeWord("else"))
    made->otherwise = parseBlock();
  return made;
}

StmtPtr Parser::parseFor() {
  StmtPtr made = statement(StmtKind::For);
  ++cursor;
  made->exprs.push_back(parseTargets());
  expectWord("in");
  made->exprs.push_back(parseExpressions());
  made->body = parseBlock();
  if (isWord("else"))
    fail(peek().at, "'else' of a loop is not in the subset that is translated");
  return made;
}

StmtPtr Parser::parseWith() {
  StmtPtr made = statement(StmtKind::With);
  ++cursor;
  do
    made->exprs.push_back(parseExpression());
  while (takeWord(","));
  made->body = parseBlock();
  return made;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

StmtPtr Parser::parseDecorated() {
  std::vector<ExprPtr> decorators;
  while (takeWord("@")) {
    decorators.push_back(parseExpression());
    expectNewline();
  }
  bool function = isWord("def");
  StmtPtr made = function ? parseFunction() : parseClass();
  if (function)
    made->exprs = std::move(decorators);
  else if (!decorators.empty())
    fail(made->at, "a decorated class is not in the subset that is translated");
  return made;
}

StmtPtr Parser::parseFunction() {
  StmtPtr made = statement(StmtKind::Function);
  expectWord("def");
  made->text = takeName();
  expectWord("(");
  made->parameters = parseParameters();
  if (takeWord("->"))
    parseExpression();
  made->body = parseBlock();
  return made;
}

std::vector<Parameter> Parser::parseParameters() {
  std::vector<Parameter> parameters;
  while (!takeWord(")") && !fault) {
    if (isWord("*") && peek(1).text == ",") { // what follows is by keyword
      cursor += 2;
      continue;
    }
    Parameter made{.at = peek().at};
    if (isWord("*"))
      fail(peek().at, "a parameter '*' that takes any number of arguments is not in the subset");
    made.takesRest = takeWord("**");
    made.name = takeName();
    if (takeWord(":"))
      made.annotation = parseExpression();
    if (takeWord("="))
      made.fallback = parseExpression();
    parameters.push_back(std::move(made));
    if (!isWord(")"))
      expectWord(",");
  }
  return parameters;
}

StmtPtr Parser::parseClass() {
  StmtPtr made = statement(StmtKind::Class);
  expectWord("class");
  made->text = takeName();
  if (takeWord("("))
    while (!takeWord(")") && !fault) {
      made->exprs.push_back(parseExpression());
      if (!isWord(")"))
        expectWord(",");
    }
  made->body = parseBlock();
  return made;
}

//===----------------------------------------------------------------------===//
// Small statements
//===----------------------------------------------------------------------===//

/// import a.b as c; from a.b import c, d. Names that are given are not kept:
/// what may be imported is known under its usual name.
StmtPtr Parser::parseImport() {
  StmtPtr made = statement(StmtKind::Import);
  bool from = isWord("from");
  ++cursor;
  auto dotted = [&] {
    std::string name = takeName();
    while (takeWord("."))
      name += "." + takeName();
    return name;
  };
  auto alias = [&](std::string name) { return takeWord("as") ? name + " as " + takeName() : name; };
  made->text = from ? dotted() : alias(dotted());
  if (!from) {
    if (isWord(","))
      fail(peek().at, "expected one module in an import, found several");
    return made;
  }
  expectWord("import");
  bool bracket = takeWord("(");
  do
    made->names.push_back(isWord("*") ? tokens[cursor++].text : alias(takeName()));
  while (takeWord(",") && !isWord(")"));
  if (bracket)
    expectWord(")");
  return made;
}

StmtPtr Parser::parseSmall() {
  static constexpr std::array<std::string_view, 5> refused = {"del", "global", "nonlocal", "yield",
                                                              "await"};
  for (std::string_view word : refused)
    if (isWord(word))
      fail(peek().at, "'" + std::string(word) + "' is not in the subset that is translated");
  auto plain = [&](StmtKind kind) {
    StmtPtr made = statement(kind);
    ++cursor;
    return made;
  };
  if (isWord("pass"))
    return plain(StmtKind::Pass);
  if (isWord("break"))
    return plain(StmtKind::Break);
  if (isWord("continue"))
    return plain(StmtKind::Continue);
  if (isWord("import") || isWord("from"))
    return parseImport();
  if (isWord("return") || isWord("raise") || isWord("assert")) {
    StmtPtr made = plain(isWord("return")  ? StmtKind::Return
                         : isWord("raise") ? StmtKind::Raise
                                           : StmtKind::Assert);
    made->exprs.push_back(startsExpression() ? parseExpressions() : nullptr);
    if (takeWord("from"))
      parseExpression();
    return made;
  }
  return parseAssignment();
}

/// The operator of +=, without its =; empty for another word.
static std::string augmented(const Token &token) {
  bool operatorToken = token.kind == TokenKind::Operator && token.text.size() >= 2;
  std::string_view text = token.text;
  if (!operatorToken || text.back() != '=' || text == "==" || text == "!=" || text == "<=" ||
      text == ">=" || text == ":=")
    return {};
  return std::string(text.substr(0, text.size() - 1));
}

StmtPtr Parser::parseAssignment() {
  StmtPtr made = statement(StmtKind::Expression);
  made->exprs.push_back(parseExpressions());
  if (std::string op = augmented(peek()); !op.empty()) {
    ++cursor;
    made->kind = StmtKind::AugAssign;
    made->text = op;
    made->exprs.push_back(parseExpressions());
  } else if (takeWord(":")) {
    made->kind = StmtKind::Annotated;
    made->exprs.push_back(parseExpression());
    made->exprs.push_back(takeWord("=") ? parseExpressions() : nullptr);
  }
  while (takeWord("=")) {
    made->kind = StmtKind::Assign;
    made->exprs.push_back(parseExpressions());
  }
  return made;
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

std::optional<Block> tez::python::parse(std::string_view text, Fault &fault) {
  if (text.size() > kMostBytes) {
    fault = {{},
             "expected a text of at most " + std::to_string(kMostBytes) + " bytes, found " +
                 std::to_string(text.size())};
    return std::nullopt;
  }
  std::vector<Token> tokens;
  if (!Lexer(text, {}, /*hasLines=*/true).run(tokens, fault))
    return std::nullopt;
  Parser parser(std::move(tokens), 0);
  Block block = parser.parseFile();
  if (!parser.fault)
    return block;
  fault = *parser.fault;
  return std::nullopt;
}
