//===- Signature.h - Detached signatures of kernel files --------*- C++ -*-===//
//
// K.pt.sig is an OpenSSF model-signing v1.0 bundle: an in-toto statement over the
// SHA-256 of the whole file in a DSSE envelope, signed with ECDSA P-256. The
// package model-signing verifies it:
//   model_signing verify key K.pt --signature K.pt.sig --public_key pub.pem
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ARTIFACT_SIGNATURE_H
#define TEZ_ARTIFACT_SIGNATURE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace tez {

struct KeyPair {
  std::string secret;    ///< PKCS #8, PEM
  std::string publicKey; ///< SubjectPublicKeyInfo, PEM
};

llvm::Expected<KeyPair> generateKey();

/// What names a key in bundles and lists: the SHA-256 of its PEM. Refuses what is
/// not a public P-256 key.
llvm::Expected<std::string> keyId(llvm::StringRef publicKey);

/// The bundle for a file of this name and content. The nonce is random: two
/// signatures of one file differ, so none is part of what must be reproducible.
llvm::Expected<std::string> signFile(llvm::StringRef name, llvm::StringRef content,
                                     llvm::StringRef secret);

struct TrustPolicy {
  std::vector<std::string> trusted; ///< public keys, PEM
  std::vector<std::string> revoked; ///< key ids
};

/// Is `bundle` the signature of a file of this name and content by a key that is
/// trusted and not revoked. The name is part of what is signed, so that kernels
/// cannot be exchanged for each other. Refuses bundles with more than one
/// signature. The error says what was found and expected.
llvm::Error verifySignature(llvm::StringRef bundle, llvm::StringRef name, llvm::StringRef content,
                            const TrustPolicy &policy);

} // namespace tez

#endif // TEZ_ARTIFACT_SIGNATURE_H
