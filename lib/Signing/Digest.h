//===- Digest.h - Bytes as text ---------------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SIGNING_DIGEST_H
#define TEZ_LIB_SIGNING_DIGEST_H

#include <optional>
#include <string>
#include <string_view>

namespace tez::signing {

/// In lower case.
std::string hexadecimal(std::string_view bytes);

std::string encodeBase64(std::string_view bytes);
/// Nothing where `text` is not just what encodeBase64 would have made.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace tez::signing

#endif // TEZ_LIB_SIGNING_DIGEST_H
