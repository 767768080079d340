//===- Digest.cpp ---------------------------------------------------------===//

#include "tez/Service/Digest.h"
#include <array>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdexcept>

using namespace tez;

std::string service::hexadecimal(std::span<const unsigned char> bytes) {
  std::string text;
  for (unsigned char byte : bytes)
    for (int half : {byte >> 4, byte & 15})
      text += "0123456789abcdef"[half];
  return text;
}

service::Sha256::Sha256() : state(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  if (!state || !EVP_DigestInit_ex(state.get(), EVP_sha256(), nullptr))
    throw std::runtime_error("OpenSSL has no SHA-256");
}

void service::Sha256::update(std::string_view bytes) {
  EVP_DigestUpdate(state.get(), bytes.data(), bytes.size());
}

std::string service::Sha256::hex() {
  std::array<unsigned char, 32> digest;
  EVP_DigestFinal_ex(state.get(), digest.data(), nullptr);
  return hexadecimal(digest);
}

std::string service::sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string service::contentDigest(std::string_view content) {
  std::array<unsigned char, 32> digest;
  if (!EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr))
    throw std::runtime_error("OpenSSL has no SHA-256");
  std::array<unsigned char, 45> text; // with a NUL
  int size = EVP_EncodeBlock(text.data(), digest.data(), digest.size());
  return "sha-256=:" + std::string(text.data(), text.data() + size) + ":";
}

bool service::contradicts(std::string_view header, std::string_view content) {
  constexpr std::string_view name = "sha-256=";
  size_t begin = header.find(name);
  if (begin == std::string_view::npos)
    return false;
  std::string_view value = header.substr(begin);
  size_t end = value.find(':', name.size() + 1);
  return value.substr(0, end == std::string_view::npos ? end : end + 1) != contentDigest(content);
}

std::string service::hmacSha256Hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> digest;
  auto *bytes = reinterpret_cast<const unsigned char *>(text.data());
  if (!HMAC(EVP_sha256(), key.data(), int(key.size()), bytes, text.size(), digest.data(), nullptr))
    throw std::runtime_error("OpenSSL has no HMAC");
  return hexadecimal(digest);
}

std::string service::randomSecret() {
  std::array<unsigned char, 33> bytes; // 44 characters of base64, none of them padding
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    throw std::runtime_error("OpenSSL has no random bytes");
  std::string text(44, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()), bytes.data(), bytes.size());
  text.resize(43); // EVP_EncodeBlock ends with a NUL of its own behind the 44th
  for (char &letter : text)
    letter = letter == '+' ? '-' : letter == '/' ? '_' : letter;
  return text;
}

bool service::equalInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}
