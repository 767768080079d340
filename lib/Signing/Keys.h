//===- Keys.h - ECDSA P-256 through OpenSSL ---------------------*- C++ -*-===//

#ifndef TEZ_LIB_SIGNING_KEYS_H
#define TEZ_LIB_SIGNING_KEYS_H

#include "tez/Signing/Signature.h"
#include <memory>
#include <openssl/evp.h>

namespace tez::signing {

struct FreeKey {
  void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

/// Refuse whatever is not a P-256 key of that kind in PEM; a passphrase is never
/// asked for.
Key readSecretKey(std::string_view pem);
Key readPublicKey(std::string_view pem);

/// As the library writes it: the same for every PEM of the same key.
std::string writePublicKey(EVP_PKEY *key);
std::string writeSecretKey(EVP_PKEY *key);

/// ECDSA over SHA-256, DER.
std::string sign(EVP_PKEY *key, std::string_view message);
bool verify(EVP_PKEY *key, std::string_view message, std::string_view signature);

} // namespace tez::signing

#endif // TEZ_LIB_SIGNING_KEYS_H
