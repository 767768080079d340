//===- Signature.h - Detached signatures of files ---------------*- C++ -*-===//
//
// K.pt.sig is an OpenSSF model-signing v1.0 bundle: an in-toto statement over the
// SHA-256 of the whole file in a DSSE envelope, signed with ECDSA P-256. The
// package model-signing verifies it:
//   model_signing verify key K.pt --signature K.pt.sig --public_key pub.pem
// OpenSSL, and neither LLVM nor the rest of the compiler: hosts verify without them.
// Everything here throws Error, which says what was found and expected.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_SIGNING_SIGNATURE_H
#define TEZ_SIGNING_SIGNATURE_H

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tez::signing {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// 32 bytes, and as lower-case hexadecimal.
std::string sha256Bytes(std::string_view bytes);
std::string sha256(std::string_view bytes);

struct KeyPair {
  std::string secret;    ///< PKCS #8, PEM
  std::string publicKey; ///< SubjectPublicKeyInfo, PEM
};

KeyPair generateKey();

/// What names a key in bundles and lists: the SHA-256 of its PEM. Refuses what is
/// not a public P-256 key.
std::string keyId(std::string_view publicKey);

/// The bundle for a file of this name and content. The nonce is random: two
/// signatures of one file differ, so none is part of what must be reproducible.
std::string signFile(std::string_view name, std::string_view content, std::string_view secret);

struct TrustPolicy {
  std::vector<std::string> trusted; ///< public keys, PEM
  std::vector<std::string> revoked; ///< key ids
};

/// Returns if `bundle` is the signature of a file of this name and content by a key that is
/// trusted and not revoked. The name is part of what is signed, so that kernels cannot be
/// exchanged for each other. Refuses bundles with more than one signature.
void checkSignature(std::string_view bundle, std::string_view name, std::string_view content,
                    const TrustPolicy &policy);

} // namespace tez::signing

#endif // TEZ_SIGNING_SIGNATURE_H
