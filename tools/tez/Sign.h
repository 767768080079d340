//===- Sign.h - Keys and signatures on the command line ---------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_SIGN_H
#define TEZ_TOOLS_TEZ_SIGN_H

#include "tez/Artifact/Signature.h"
#include <optional>

namespace tez::tool {

/// A secret key that nobody else can read; an error is printed otherwise.
std::optional<std::string> readSecret(const std::string &path);

/// Where the signature of a kernel that is about to take its place lies until it is
/// in its own: two files cannot be exchanged in one step, so the old one stays valid
/// for the old kernel, and whoever verifies looks here when it does not fit.
std::string nextSignature(const std::string &kernel);

/// What a file at `path` is called in its signature.
std::string signedName(const std::string &path);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_SIGN_H
