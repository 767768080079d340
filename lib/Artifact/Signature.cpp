//===- Signature.cpp - Signatures, with the errors of the compiler --------===//

#include "tez/Artifact/Signature.h"

using namespace tez;
using llvm::StringRef;

template <typename Action> static auto caught(Action action) -> llvm::Expected<decltype(action())> {
  try {
    return action();
  } catch (const signing::Error &error) {
    return llvm::createStringError(error.what());
  }
}

llvm::Expected<KeyPair> tez::generateKey() { return caught(signing::generateKey); }

llvm::Expected<std::string> tez::keyId(StringRef publicKey) {
  return caught([&] { return signing::keyId(publicKey); });
}

llvm::Expected<std::string> tez::signFile(StringRef name, StringRef content, StringRef secret) {
  return caught([&] { return signing::signFile(name, content, secret); });
}

llvm::Error tez::verifySignature(StringRef bundle, StringRef name, StringRef content,
                                 const TrustPolicy &policy) {
  return caught([&] { return signing::checkSignature(bundle, name, content, policy), true; })
      .takeError();
}
