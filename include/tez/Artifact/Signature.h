//===- Signature.h - Detached signatures of kernel files --------*- C++ -*-===//
//
// tez/Signing/Signature.h with the compiler's errors. No function throws.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ARTIFACT_SIGNATURE_H
#define TEZ_ARTIFACT_SIGNATURE_H

#include "tez/Signing/Signature.h"
#include "llvm/Support/Error.h"

namespace tez {

using signing::KeyPair;
using signing::TrustPolicy;

llvm::Expected<KeyPair> generateKey();
llvm::Expected<std::string> keyId(llvm::StringRef publicKey);
llvm::Expected<std::string> signFile(llvm::StringRef name, llvm::StringRef content,
                                     llvm::StringRef secret);
llvm::Error verifySignature(llvm::StringRef bundle, llvm::StringRef name, llvm::StringRef content,
                            const TrustPolicy &policy);

} // namespace tez

#endif // TEZ_ARTIFACT_SIGNATURE_H
