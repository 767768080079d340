//===- Lexer.h - Single tokens of JSON --------------------------*- C++ -*-===//
//
// Each scanner starts at a token, moves `pos` past it and returns nullopt, or
// returns what is wrong. None of them looks at what stands around the token.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_JSON_LEXER_H
#define TEZ_LIB_JSON_LEXER_H

#include "Nodes.h"

#include <optional>
#include <string>
#include <string_view>

namespace tez::json {

/// What is wrong with a token.
struct Fault {
  size_t offset;
  size_t length;
  std::string message;
  std::string hint = {};
};

/// At a quote. The content of a string with escapes goes into `decoded`, and
/// `node` tells where.
std::optional<Fault> scanString(std::string_view text, size_t &pos, std::string &decoded,
                                Node &node);

/// At a digit, a sign or a point.
std::optional<Fault> scanNumber(std::string_view text, size_t &pos);

/// At a letter: true, false or null.
std::optional<Fault> scanWord(std::string_view text, size_t &pos);

/// "end of file", "'x'", "the word abc", "byte 0xFF (not UTF-8)": what stands at `pos`.
std::string describeAt(std::string_view text, size_t pos);

/// Length in bytes of what describeAt() names.
size_t lengthAt(std::string_view text, size_t pos);

/// Length of the run of letters, digits and + - . _ at `pos`.
size_t wordLength(std::string_view text, size_t pos);

/// "0x1F".
std::string hexByte(unsigned char byte);

} // namespace tez::json

#endif // TEZ_LIB_JSON_LEXER_H
