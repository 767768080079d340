//===- Pickle.h - A pickle read as data, never executed ---------*- C++ -*-===//
//
// The part of pickle protocol 2 that torch uses for state dicts and for modules.
// A GLOBAL is only looked up in the caller's rules, a REDUCE only recorded.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_WEIGHTS_PICKLE_H
#define TEZ_WEIGHTS_PICKLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace tez {

/// A value of 16 bytes; compounds are held by index. Nothing is visited or freed
/// recursively, so neither depth nor cycles in a file matter.
struct PickleValue {
  enum Kind : uint8_t {
    None,
    Bool,
    Int,
    Float,
    String,
    Global, ///< integer: index into the list of allowed globals
    Class,  ///< integer: index into the classes that the pickle names
    // Compounds.
    Tuple,
    List,
    Dict,         ///< key, value, key, value ... (an OrderedDict too)
    Call,         ///< the Global, then the arguments
    PersistentId, ///< the id
    Object,       ///< the Class, then the state when it has one
    Mark          ///< only on the machine's stack
  };
  struct Text {
    uint32_t offset, size;
  };
  Kind kind = None;
  uint32_t place = 0; ///< byte of the opcode that made it
  union {
    int64_t integer = 0;
    double number;
    uint64_t compound; ///< index into the compounds
    Text text;         ///< range of the pickle
  };
};

/// What a pickle may mention.
struct PickleRules {
  llvm::ArrayRef<llvm::StringRef> globals; ///< each "module.name"
  llvm::StringRef purpose;                 ///< "a state dict": in messages
  /// Names of classes, of which there may be objects; absent: of none.
  llvm::function_ref<bool(llvm::StringRef)> isClass = nullptr;
};

class Pickle {
public:
  /// Errors name the byte.
  static llvm::Expected<Pickle> parse(llvm::StringRef bytes, const PickleRules &rules);

  const PickleValue &root() const { return top; }
  llvm::ArrayRef<PickleValue> items(const PickleValue &value) const {
    return compounds[value.compound];
  }
  /// The compounds of one kind, in the order in which they were made.
  template <typename Visit> void forEach(PickleValue::Kind kind, Visit visit) const {
    for (size_t i = 0; i < compounds.size(); ++i)
      if (kinds[i] == kind)
        visit(llvm::ArrayRef<PickleValue>(compounds[i]));
  }
  llvm::StringRef className(const PickleValue &value) const {
    return classes[size_t(value.integer)];
  }
  llvm::StringRef text(const PickleValue &value) const {
    return bytes.substr(value.text.offset, value.text.size);
  }

private:
  friend class PickleMachine;
  llvm::StringRef bytes;
  std::vector<std::vector<PickleValue>> compounds;
  std::vector<PickleValue::Kind> kinds; ///< of the compounds
  std::vector<std::string> classes;
  PickleValue top;
};

/// "a tuple", "None", ...: for messages.
llvm::StringRef describe(PickleValue::Kind kind);

} // namespace tez

#endif // TEZ_WEIGHTS_PICKLE_H
