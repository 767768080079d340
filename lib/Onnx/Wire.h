//===- Wire.h - The encoding of protobuf ------------------------*- C++ -*-===//
//
// Only what a writer of one message type needs
// (https://protobuf.dev/programming-guides/encoding). No protobuf library: libtorch holds one of
// its own, and two in a process clash.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_ONNX_WIRE_H
#define TEZ_LIB_ONNX_WIRE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include <cstdint>
#include <string>

namespace tez::onnx {

/// Fields in the order in which they are added; repeated ones are added again and again.
class Message {
public:
  void number(unsigned field, int64_t value) {
    key(field, 0);
    varint(uint64_t(value));
  }
  void real(unsigned field, float value) {
    key(field, 5);
    char raw[sizeof value];
    llvm::support::endian::write<float>(raw, value, llvm::endianness::little);
    bytes.append(raw, sizeof raw);
  }
  void text(unsigned field, llvm::StringRef value) {
    key(field, 2);
    varint(value.size());
    bytes.append(value.data(), value.size());
  }
  void message(unsigned field, const Message &value) { text(field, value.bytes); }

  size_t size() const { return bytes.size(); }
  std::string take() { return std::move(bytes); }

private:
  void key(unsigned field, unsigned kind) { varint(uint64_t(field) << 3 | kind); }
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      bytes.push_back(char(value | 0x80));
    bytes.push_back(char(value));
  }

  std::string bytes;
};

} // namespace tez::onnx

#endif // TEZ_LIB_ONNX_WIRE_H
