//===- Trust.cpp - Whose kernel file it is --------------------------------===//

#include "Trust.h"
#include "Sign.h"

using namespace tez;

static Outcome fail(Outcome outcome, llvm::Error error, const std::string &where = "") {
  tool::printError((where.empty() ? "" : where + ": ") + llvm::toString(std::move(error)));
  return outcome;
}

void tool::TrustArguments::addTo(CLI::App &command) {
  command.add_option("--key", keys, "public key to trust, of tez keygen; may be repeated");
  command.add_option("--signature", signature, "the signature (default KERNEL.sig)");
  command.add_option("--name", name, "the name it was signed under (default: the file's)");
  command.add_option("--revoked", revoked, "key that is not trusted any more: file or id");
}

/// Key ids, or files of public keys.
static std::optional<std::string> revokedId(const std::string &text) {
  bool isId = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (isId)
    return text;
  std::string problem;
  std::optional<std::string> pem = tool::readFile(text, problem);
  if (!pem)
    return tool::printError(problem), std::nullopt;
  llvm::Expected<std::string> id = keyId(*pem);
  if (!id)
    return fail(Outcome::Environment, id.takeError(), text), std::nullopt;
  return *id;
}

Outcome tool::TrustArguments::readPolicy(TrustPolicy &policy) const {
  std::string problem;
  for (const std::string &path : keys) {
    std::optional<std::string> pem = tool::readFile(path, problem);
    if (!pem)
      return tool::printError(problem), Outcome::Environment;
    if (llvm::Error error = keyId(*pem).takeError())
      return fail(Outcome::Environment, std::move(error), path);
    policy.trusted.push_back(std::move(*pem));
  }
  for (const std::string &text : revoked) {
    std::optional<std::string> id = revokedId(text);
    if (!id)
      return Outcome::Environment;
    policy.revoked.push_back(*id);
  }
  return Outcome::Done;
}

llvm::Error tool::TrustArguments::checkBundle(const std::string &path, const std::string &called,
                                              const std::string &bytes,
                                              const TrustPolicy &policy) const {
  std::string problem;
  std::optional<std::string> bundle = tool::readFile(path, problem);
  if (!bundle)
    return llvm::createStringError(problem);
  llvm::Error error = verifySignature(*bundle, name.empty() ? called : name, bytes, policy);
  return error ? llvm::createStringError(path + ": " + llvm::toString(std::move(error)))
               : llvm::Error::success();
}

Outcome tool::TrustArguments::check(const std::string &kernel, const std::string &bytes) const {
  if (keys.empty())
    return Outcome::Done;
  TrustPolicy policy;
  if (Outcome outcome = readPolicy(policy); outcome != Outcome::Done)
    return outcome;
  std::string called = signedName(kernel);
  llvm::Error error =
      checkBundle(signature.empty() ? kernel + ".sig" : signature, called, bytes, policy);
  if (error && signature.empty()) {
    llvm::Error next = checkBundle(nextSignature(kernel), called, bytes, policy);
    if (!next)
      return llvm::consumeError(std::move(error)), Outcome::Done;
    llvm::consumeError(std::move(next));
  }
  return error ? fail(Outcome::Invalid, std::move(error)) : Outcome::Done;
}
