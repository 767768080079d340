//===- Sign.cpp - tez keygen, sign, verify --------------------------------===//

#include "Sign.h"
#include "Rebuild.h"
#include "Subcommands.h"
#include "Trust.h"
#include "tez/Artifact/Archive.h"
#include "tez/Artifact/KernelFile.h"
#include "tez/Support/AtomicFile.h"
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace tez;
namespace fs = std::filesystem;
using Json = nlohmann::json;

static Outcome fail(Outcome outcome, llvm::Error error, const std::string &where = "") {
  tool::printError((where.empty() ? "" : where + ": ") + llvm::toString(std::move(error)));
  return outcome;
}

//===----------------------------------------------------------------------===//
// keygen
//===----------------------------------------------------------------------===//

static Outcome writeNew(const std::string &path, const std::string &content, mode_t mask) {
  std::error_code failed;
  if (fs::exists(path, failed))
    return tool::printError(path + " is there already: a key is never overwritten"), Outcome::Usage;
  mode_t before = ::umask(mask);
  llvm::Error error = writeFileAtomically(path, content);
  ::umask(before);
  return error ? fail(Outcome::Environment, std::move(error)) : Outcome::Done;
}

static Outcome generate(const std::string &base) {
  llvm::Expected<KeyPair> keys = generateKey();
  if (!keys)
    return fail(Outcome::Environment, keys.takeError());
  for (const auto &[path, content, mask] :
       {std::tuple(base + ".key", keys->secret, mode_t(0077)),
        std::tuple(base + ".pub", keys->publicKey, mode_t(0022))})
    if (Outcome outcome = writeNew(path, content, mask); outcome != Outcome::Done)
      return outcome;
  std::cout << base << ".key, " << base << ".pub: key " << llvm::cantFail(keyId(keys->publicKey))
            << "\n";
  return Outcome::Done;
}

//===----------------------------------------------------------------------===//
// sign
//===----------------------------------------------------------------------===//

std::optional<std::string> tool::readSecret(const std::string &path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077))
    return printError(path + " can be read by others: chmod 600 it, or make a new key"),
           std::nullopt;
  std::string problem;
  std::optional<std::string> text = readFile(path, problem);
  if (!text)
    printError(problem);
  return text;
}

std::string tool::signedName(const std::string &path) { return fs::path(path).filename().string(); }

std::string tool::nextSignature(const std::string &kernel) { return kernel + ".sig.next"; }

static Outcome signKernel(const std::string &kernel, const std::string &key,
                          const std::string &output) {
  std::string problem;
  std::optional<std::string> secret = tool::readSecret(key), bytes;
  if (!secret)
    return Outcome::Environment;
  if (!(bytes = tool::readFile(kernel, problem)))
    return tool::printError(problem), Outcome::Environment;
  if (llvm::Error error = verifyArchive(*bytes))
    return fail(Outcome::Invalid, std::move(error), kernel);
  llvm::Expected<std::string> bundle = signFile(tool::signedName(kernel), *bytes, *secret);
  if (!bundle)
    return fail(Outcome::Environment, bundle.takeError(), key);
  std::string path = output.empty() ? kernel + ".sig" : output;
  if (llvm::Error error = writeFileAtomically(path, *bundle))
    return fail(Outcome::Environment, std::move(error));
  return Outcome::Done;
}

//===----------------------------------------------------------------------===//
// verify
//===----------------------------------------------------------------------===//

namespace {
struct VerifyCommand {
  std::string kernel;
  std::vector<std::string> required;
  bool rebuilds = false, noValidate = false;
  tool::TrustArguments trust;
  tool::MissingArguments missing; ///< to rebuild

  Outcome run();

private:
  Outcome checkEvidence(const std::string &bytes) const;
};
} // namespace

static bool hasPassed(const Json &evidence, const std::string &check) {
  if (!evidence.is_object() || !evidence.contains("verdicts") || !evidence["verdicts"].is_array())
    return false;
  return std::any_of(evidence["verdicts"].begin(), evidence["verdicts"].end(),
                     [&](const Json &verdict) {
                       return verdict.is_object() && verdict.value("check", Json()) == check &&
                              verdict.value("passed", Json()) == true;
                     });
}

Outcome VerifyCommand::checkEvidence(const std::string &bytes) const {
  if (required.empty())
    return Outcome::Done;
  llvm::Expected<std::string> text = readExtra(bytes, "evidence.json");
  if (!text)
    return fail(Outcome::Invalid, text.takeError(), kernel);
  Json evidence = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  for (const std::string &check : required)
    if (!hasPassed(evidence, check))
      return tool::printError(kernel + ": there is no evidence that '" + check + "' passed"),
             Outcome::Invalid;
  return Outcome::Done;
}

Outcome VerifyCommand::run() {
  std::string problem;
  std::optional<std::string> bytes = tool::readFile(kernel, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  // The signature first: nothing else of a stranger's file is looked at.
  if (Outcome outcome = trust.check(kernel, *bytes); outcome != Outcome::Done)
    return outcome;
  if (llvm::Error error = verifyArchive(*bytes))
    return fail(Outcome::Invalid, std::move(error), kernel);
  if (llvm::Error error = checkKernelFile(*bytes))
    return fail(Outcome::Invalid, std::move(error), kernel);
  if (Outcome outcome = checkEvidence(*bytes); outcome != Outcome::Done)
    return outcome;
  std::cout << kernel << ": "
            << (trust.keys.empty() ? "whole; no key was given, so whose it is was not looked at"
                                   : "whole and signed by a trusted key")
            << std::endl;
  return rebuilds ? tool::rebuild(kernel, *bytes, missing, noValidate) : Outcome::Done;
}

//===----------------------------------------------------------------------===//
// Commands
//===----------------------------------------------------------------------===//

static void addKeygen(CLI::App &app, Outcome &outcome) {
  auto base = std::make_shared<std::string>();
  CLI::App *sub = app.add_subcommand("keygen", "make a key to sign kernels with (ECDSA P-256)");
  sub->add_option("-o,--output", *base, "writes OUTPUT.key (secret) and OUTPUT.pub")->required();
  sub->callback([base, &outcome] { outcome = generate(*base); });
}

static void addSignKernel(CLI::App &app, Outcome &outcome) {
  struct Arguments {
    std::string kernel, key, output;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App *sub = app.add_subcommand("sign", "write the signature of a kernel file");
  sub->add_option("KERNEL", arguments->kernel, "kernel file (.pt)")->required();
  sub->add_option("--key", arguments->key, "secret key, of tez keygen")->required();
  sub->add_option("-o,--output", arguments->output, "the signature (default KERNEL.sig)");
  sub->callback([arguments, &outcome] {
    outcome = signKernel(arguments->kernel, arguments->key, arguments->output);
  });
}

static void addVerify(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<VerifyCommand>();
  CLI::App *sub = app.add_subcommand("verify", "is a kernel file whole, and whose is it");
  sub->add_option("KERNEL", command->kernel, "kernel file (.pt)")->required();
  command->trust.addTo(*sub);
  sub->add_option("--require", command->required, "check that the evidence must show as passed");
  CLI::Option *rebuild = sub->add_flag(
      "--rebuild", command->rebuilds, "compile the blueprint in the file again, compare the bytes");
  sub->add_flag("--no-validate", command->noValidate, "rebuild without the evidence")
      ->needs(rebuild);
  command->missing.addTo(*sub, rebuild);
  sub->callback([command, &outcome] { outcome = command->run(); });
}

void tool::addSign(CLI::App &app, Outcome &outcome) {
  addKeygen(app, outcome);
  addSignKernel(app, outcome);
  addVerify(app, outcome);
}
