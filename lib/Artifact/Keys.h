//===- Keys.h - ECDSA P-256 through OpenSSL ---------------------*- C++ -*-===//

#ifndef TEZ_LIB_ARTIFACT_KEYS_H
#define TEZ_LIB_ARTIFACT_KEYS_H

#include "llvm/Support/Error.h"
#include <memory>
#include <openssl/evp.h>
#include <string>

namespace tez {

struct FreeKey {
  void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

/// Refuse whatever is not a P-256 key of that kind in PEM; a passphrase is never
/// asked for.
llvm::Expected<Key> readSecretKey(llvm::StringRef pem);
llvm::Expected<Key> readPublicKey(llvm::StringRef pem);

/// As the library writes it: the same for every PEM of the same key.
llvm::Expected<std::string> writePublicKey(EVP_PKEY *key);
llvm::Expected<std::string> writeSecretKey(EVP_PKEY *key);

/// ECDSA over SHA-256, DER.
llvm::Expected<std::string> sign(EVP_PKEY *key, llvm::StringRef message);
bool verify(EVP_PKEY *key, llvm::StringRef message, llvm::StringRef signature);

} // namespace tez

#endif // TEZ_LIB_ARTIFACT_KEYS_H
