//===- Pickle.h - A pickle read as data, never executed ---------*- C++ -*-===//
//
// The part of pickle protocol 2 that torch.save uses for a state dict. A GLOBAL
// is only looked up in the caller's list, a REDUCE only recorded.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_WEIGHTS_PICKLE_H
#define TEZ_LIB_WEIGHTS_PICKLE_H

#include "llvm/ADT/ArrayRef.h"
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
    // Compounds.
    Tuple,
    List,
    Dict,         ///< key, value, key, value ... (an OrderedDict too)
    Call,         ///< the Global, then the arguments
    PersistentId, ///< the id
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

class Pickle {
public:
  /// `globals`: the "module.name"s a file may mention. Errors name the byte.
  static llvm::Expected<Pickle> parse(llvm::StringRef bytes,
                                      llvm::ArrayRef<llvm::StringRef> globals);

  const PickleValue &root() const { return top; }
  llvm::ArrayRef<PickleValue> items(const PickleValue &value) const {
    return compounds[value.compound];
  }
  llvm::StringRef text(const PickleValue &value) const {
    return bytes.substr(value.text.offset, value.text.size);
  }

private:
  friend class PickleMachine;
  llvm::StringRef bytes;
  std::vector<std::vector<PickleValue>> compounds;
  PickleValue top;
};

/// "a tuple", "None", ...: for messages.
llvm::StringRef describe(PickleValue::Kind kind);

} // namespace tez

#endif // TEZ_LIB_WEIGHTS_PICKLE_H
