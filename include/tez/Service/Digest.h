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
