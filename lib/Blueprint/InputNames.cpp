//===- InputNames.cpp - Argument names of a kernel ------------------------===//

#include "InputNames.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace tez::blueprint;

/// Python's keywords, and the names that serialised TorchScript gives a meaning.
static constexpr llvm::StringLiteral kReserved[] = {"False",
                                                    "None",
                                                    "True",
                                                    "and",
                                                    "as",
                                                    "assert",
                                                    "async",
                                                    "await",
                                                    "break",
                                                    "class",
                                                    "continue",
                                                    "def",
                                                    "del",
                                                    "elif",
                                                    "else",
                                                    "except",
                                                    "finally",
                                                    "for",
                                                    "from",
                                                    "global",
                                                    "if",
                                                    "import",
                                                    "in",
                                                    "is",
                                                    "lambda",
                                                    "nonlocal",
                                                    "not",
                                                    "or",
                                                    "pass",
                                                    "raise",
                                                    "return",
                                                    "try",
                                                    "while",
                                                    "with",
                                                    "yield",
                                                    "self",
                                                    "torch",
                                                    "ops",
                                                    "CONSTANTS",
                                                    "annotate",
                                                    "unchecked_cast",
                                                    "uninitialized",
                                                    "getattr",
                                                    "inf",
                                                    "nan",
                                                    "int",
                                                    "float",
                                                    "bool",
                                                    "str",
                                                    "fork",
                                                    "list",
                                                    "dict",
                                                    "tuple",
                                                    "print",
                                                    "range",
                                                    "device",
                                                    "forward"};

std::string tez::blueprint::identifier(llvm::StringRef text, llvm::StringRef fallback) {
  std::string made;
  for (char c : text)
    made += llvm::isAlnum(c) ? c : '_';
  if (llvm::StringRef(made).trim('_').empty())
    made = fallback.str();
  if (llvm::isDigit(made.front()) || llvm::StringRef(made).starts_with("__"))
    made = (fallback + "_" + made).str();
  if (llvm::is_contained(kReserved, made))
    made += '_';
  return made;
}

std::vector<std::string> tez::blueprint::distinctIdentifiers(llvm::ArrayRef<std::string> names) {
  llvm::StringSet<> taken;
  // Names that can stay as they are stay, whatever comes before them.
  for (const std::string &name : names)
    if (identifier(name, "input") == name)
      taken.insert(name);
  llvm::StringSet<> used;
  llvm::StringMap<unsigned> numbers; // so that a thousand equal names take a thousand steps
  std::vector<std::string> made;
  for (const std::string &name : names) {
    std::string plain = identifier(name, "input"), chosen = plain;
    bool keeps = plain == name && used.insert(name).second;
    while (!keeps && !taken.insert(chosen).second)
      chosen = plain + "_" + std::to_string(++numbers[plain]);
    made.push_back(chosen);
  }
  return made;
}
