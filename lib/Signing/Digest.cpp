//===- Digest.cpp ---------------------------------------------------------===//

#include "Digest.h"
#include "tez/Signing/Signature.h"
#include <openssl/evp.h>

using namespace tez;
using std::string_view;

static const unsigned char *bytesOf(string_view text) {
  return reinterpret_cast<const unsigned char *>(text.data());
}

static unsigned char *bytesOf(std::string &text) {
  return reinterpret_cast<unsigned char *>(text.data());
}

std::string signing::hexadecimal(string_view bytes) {
  std::string text;
  for (unsigned char byte : bytes)
    for (int half : {byte >> 4, byte & 15})
      text += "0123456789abcdef"[half];
  return text;
}

std::string signing::sha256Bytes(string_view bytes) {
  std::string digest(32, '\0');
  if (!EVP_Digest(bytes.data(), bytes.size(), bytesOf(digest), nullptr, EVP_sha256(), nullptr))
    throw Error("OpenSSL has no SHA-256");
  return digest;
}

std::string signing::sha256(string_view bytes) { return hexadecimal(sha256Bytes(bytes)); }

std::string signing::encodeBase64(string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // with a NUL
  text.resize(size_t(EVP_EncodeBlock(bytesOf(text), bytesOf(bytes), int(bytes.size()))));
  return text;
}

/// OpenSSL passes over white space, and takes padding for bytes: encoded again it must be the
/// same.
std::optional<std::string> signing::decodeBase64(string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  int size = EVP_DecodeBlock(bytesOf(bytes), bytesOf(text), int(text.size()));
  size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  if (size < int(padding))
    return std::nullopt;
  bytes.resize(size_t(size) - padding);
  return encodeBase64(bytes) == text ? std::optional(std::move(bytes)) : std::nullopt;
}
