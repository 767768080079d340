//===- Digest.h - SHA-256 and secrets ---------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_DIGEST_H
#define TEZ_SERVICE_DIGEST_H

#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st; // of OpenSSL

namespace tez::service {

/// Two digits a byte.
std::string hexadecimal(std::span<const unsigned char> bytes);

/// 64 hexadecimal digits.
std::string sha256Hex(std::string_view bytes);

/// The value of the header Content-Digest (RFC 9530): `sha-256=:...:`.
std::string contentDigest(std::string_view content);

/// Whether `header`, a Content-Digest, has a sha-256 that is not that of `content`.
bool contradicts(std::string_view header, std::string_view content);

/// HMAC-SHA-256, 64 hexadecimal digits.
std::string hmacSha256Hex(std::string_view key, std::string_view text);

/// SHA-256 of what comes piece by piece.
class Sha256 {
public:
  Sha256();
  void update(std::string_view bytes);
  std::string hex(); ///< once, at the end

private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st *)> state;
};

/// 43 characters (A-Z a-z 0-9 - _) that nobody can guess.
std::string randomSecret();

/// Takes as long whether they differ early, late or not at all.
bool equalInConstantTime(std::string_view a, std::string_view b);

} // namespace tez::service

#endif // TEZ_SERVICE_DIGEST_H
