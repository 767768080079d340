//===- Syntax.h - The tree of a Python text ---------------------*- C++ -*-===//
//
// The part of Python's grammar that forward_logic may use. Plain C++; nothing is
// ever run. One kind of node for expressions and one for statements: who reads a
// tree asks for the kind first.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_BLUEPRINT_PYTHON_SYNTAX_H
#define TEZ_LIB_BLUEPRINT_PYTHON_SYNTAX_H

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tez::python {

/// A place in the text. Line and column count from 1, columns in bytes.
struct Place {
  size_t offset = 0;
  unsigned line = 1, column = 1;
};

/// The first thing that is wrong.
struct Fault {
  Place at;
  std::string message;
};

enum class ExprKind : uint8_t {
  Name,          ///< text
  Int,           ///< integer
  Float,         ///< number
  String,        ///< text, escapes resolved
  FString,       ///< parts: the expressions in its braces
  True,          //
  False,         //
  None,          //
  Ellipsis,      //
  Attribute,     ///< parts[0] . text
  Call,          ///< parts[0](parts[1], ...); names: a keyword, "" or "*" for each argument
  Subscript,     ///< parts[0][parts[1]]
  Slice,         ///< parts: start, stop, step; each may be null
  Tuple,         //
  List,          //
  Dict,          ///< parts: key, value, key, value ...
  Unary,         ///< text: - + ~ not
  Binary,        ///< text: the operator
  Bool,          ///< text: and, or
  Compare,       ///< parts: n + 1 operands; names: n operators
  Conditional,   ///< parts: condition, then, else
  Comprehension, ///< parts: element, target, what is gone through, conditions ...
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
  ExprKind kind;
  Place at;
  unsigned depth = 1; ///< of the tree below, itself included
  std::string text;
  int64_t integer = 0;
  double number = 0;
  std::vector<ExprPtr> parts;
  std::vector<std::string> names;
};

enum class StmtKind : uint8_t {
  Expression, ///< exprs[0]
  Assign,     ///< exprs: targets ..., value
  AugAssign,  ///< exprs: target, value; text: the operator without =
  Annotated,  ///< exprs: target, annotation, value (null: only declared)
  If,         ///< exprs[0], body, otherwise
  For,        ///< exprs: target, what is gone through; body
  With,       ///< exprs: contexts; body
  Return,     ///< exprs[0], which may be null
  Raise,      //
  Assert,     ///< exprs[0]
  Pass,       //
  Break,      //
  Continue,   //
  Function,   ///< text: name; parameters, exprs: decorators; body
  Class,      ///< text: name; exprs: bases; body
  Import,     ///< text: the module; names: what is taken from it (from ... import)
};

struct Parameter {
  Place at;
  std::string name = {};
  ExprPtr annotation = nullptr, fallback = nullptr; ///< either may be null
  bool takesRest = false;                           ///< **name
};

struct Stmt {
  StmtKind kind;
  Place at;
  std::string text;
  std::vector<ExprPtr> exprs;
  std::vector<std::string> names;
  std::vector<Parameter> parameters;
  std::vector<std::unique_ptr<Stmt>> body, otherwise;
};
using Block = std::vector<std::unique_ptr<Stmt>>;

/// How long a text may be, and how deep its blocks and expressions may nest.
inline constexpr size_t kMostBytes = 256 * 1024;
inline constexpr unsigned kMostDepth = 100;

/// The statements of `text`, or the first fault.
std::optional<Block> parse(std::string_view text, Fault &fault);

} // namespace tez::python

#endif // TEZ_LIB_BLUEPRINT_PYTHON_SYNTAX_H
