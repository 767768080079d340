//===- SourceLocals.h - What the locals of a function are -------*- C++ -*-===//

#ifndef TEZ_LIB_ARTIFACT_SOURCELOCALS_H
#define TEZ_LIB_ARTIFACT_SOURCELOCALS_H

#include "Source.h"

namespace tez::source {

/// What a local is, whenever it is read.
struct Local {
  enum Kind { Value, Object, Function } kind = Value;
  std::string name; ///< of the class or function
  bool operator==(const Local &other) const = default;
};

/// Keeps of locals whether they are surely an object of a declared class or a declared
/// function; what is now this and now that is a value.
class Locals {
public:
  explicit Locals(const Declarations &declarations) : declarations(declarations) {}

  /// Reads the assignments once; true when anything new was found.
  bool gather(llvm::ArrayRef<Line> lines);
  bool assign(llvm::StringRef name, Local value);

  const Local *find(llvm::StringRef name) const;
  /// Null where `object` is no name of an object.
  const Class *classOf(const Token &object) const;
  bool hasAttribute(const Token &object, llvm::StringRef attribute) const;

private:
  Local valueOf(Tokens tokens) const;
  Local attributeOf(const Token &object, llvm::StringRef attribute) const;

  const Declarations &declarations;
  llvm::StringMap<Local> known;
};

} // namespace tez::source

#endif // TEZ_LIB_ARTIFACT_SOURCELOCALS_H
