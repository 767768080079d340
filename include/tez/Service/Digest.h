//===- Digest.h - SHA-256 and secrets ---------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_DIGEST_H
#define TEZ_SERVICE_DIGEST_H

#include <span>
#include <string>
#include <string_view>

namespace tez::service {

/// Two digits a byte.
std::string hexadecimal(std::span<const unsigned char> bytes);

/// 64 hexadecimal digits.
std::string sha256Hex(std::string_view bytes);

/// 43 characters (A-Z a-z 0-9 - _) that nobody can guess.
std::string randomSecret();

/// Takes as long whether they differ early, late or not at all.
bool equalInConstantTime(std::string_view a, std::string_view b);

} // namespace tez::service

#endif // TEZ_SERVICE_DIGEST_H
