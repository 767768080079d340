//===- Source.h - TorchScript as torch prints it ----------------*- C++ -*-===//
//
// We do not parse the language but the part of it that torch's printer writes,
// one statement a line. Whatever else there is, is refused: what we read otherwise
// than torch does could hide a call.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_ARTIFACT_SOURCE_H
#define TEZ_LIB_ARTIFACT_SOURCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace tez::source {

struct Token {
  enum Kind : uint8_t { Name, Number, String, Sign };
  Kind kind = Sign;
  llvm::StringRef text;

  bool is(llvm::StringRef expected) const { return text == expected && kind != String; }
};
using Tokens = llvm::ArrayRef<Token>;

/// Up to the line's end outside of brackets.
struct Line {
  unsigned number = 0, indent = 0;
  std::vector<Token> tokens;
};

/// An attribute as its class declares it.
struct Attribute {
  std::string type;     ///< without spaces
  bool isFinal = false; ///< part of the source, not of the state
};

struct Class {
  bool isModule = true; ///< else a named tuple
  llvm::StringMap<Attribute> attributes;
  llvm::StringSet<> methods;
};

/// What the files declare, by qualified names.
struct Declarations {
  llvm::StringMap<Class> classes;
  llvm::StringSet<> functions;
};

/// "__torch__.a.b" of "code/__torch__/a/b.py".
std::string moduleOf(llvm::StringRef record);

/// Would torch's parser survive it.
llvm::Error checkDepth(llvm::StringRef text);

/// Calls `visit` for each line that is not empty. Errors say "line 7: ...".
llvm::Error forEachLine(llvm::StringRef text, llvm::function_ref<llvm::Error(const Line &)> visit);

/// Adds what `text` declares.
llvm::Error declare(llvm::StringRef text, llvm::StringRef module, Declarations &to);

/// Refuses whatever is no call of an allowed operator or of what is declared.
llvm::Error check(llvm::StringRef text, llvm::StringRef module, const Declarations &declarations);

/// The statements of one function, its signature the first.
llvm::Error checkFunction(llvm::ArrayRef<Line> lines, const Declarations &declarations);

/// A type, as in signatures.
llvm::Error checkType(Tokens type, const Declarations &declarations);

/// Where the bracket closes that is open before `at`; the end when it does not.
size_t closing(Tokens tokens, size_t at, bool atComma = false);
/// The first "=" outside of brackets; the end where there is none.
size_t assignment(Tokens tokens);
/// What a string holds.
inline llvm::StringRef unquoted(const Token &string) {
  return string.text.drop_front().drop_back();
}

std::string joined(Tokens tokens);
llvm::Error refuse(unsigned line, const llvm::Twine &why);

} // namespace tez::source

#endif // TEZ_LIB_ARTIFACT_SOURCE_H
