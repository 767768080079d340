//===- Trust.h - Whose kernel file it is ------------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_TRUST_H
#define TEZ_TOOLS_TEZ_TRUST_H

#include "Subcommands.h"
#include "tez/Artifact/Signature.h"
#include <string>
#include <vector>

namespace tez::tool {

/// The options that say whom to trust, and the question.
struct TrustArguments {
  std::vector<std::string> keys, revoked; ///< files of public keys; files or key ids
  std::string signature, name;            ///< "": KERNEL.sig, the file's name

  void addTo(CLI::App &command);
  /// Is the signature of the kernel file at this path, which has these bytes, a trusted key's.
  /// Done too where no key was given; else an error is printed.
  Outcome check(const std::string &kernel, const std::string &bytes) const;

private:
  Outcome readPolicy(TrustPolicy &policy) const;
  llvm::Error checkBundle(const std::string &path, const std::string &called,
                          const std::string &bytes, const TrustPolicy &policy) const;
};

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_TRUST_H
