//===- Signature.cpp - Detached signatures of kernel files ----------------===//

#include "tez/Artifact/Signature.h"
#include "Keys.h"
#include "tez/Artifact/Archive.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include <nlohmann/json.hpp>
#include <openssl/ec.h>

using namespace tez;
using llvm::StringRef;
using llvm::Twine;
using Json = nlohmann::ordered_json;

static constexpr const char *kBundle = "application/vnd.dev.sigstore.bundle.v0.3+json",
                            *kPayload = "application/vnd.in-toto+json",
                            *kStatement = "https://in-toto.io/Statement/v1",
                            *kPredicate = "https://model_signing/signature/v1.0";
static constexpr size_t kMostBytes = size_t(1) << 20; ///< of a bundle

static llvm::Error refuse(const Twine &why) { return llvm::createStringError(why); }

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

llvm::Expected<KeyPair> tez::generateKey() {
  Key key(EVP_EC_gen("P-256"));
  if (!key)
    return refuse("no key can be made");
  llvm::Expected<std::string> secret = writeSecretKey(key.get()), open = writePublicKey(key.get());
  if (!secret || !open)
    return llvm::joinErrors(secret.takeError(), open.takeError());
  return KeyPair{std::move(*secret), std::move(*open)};
}

static llvm::Expected<std::string> idOf(EVP_PKEY *key) {
  llvm::Expected<std::string> pem = writePublicKey(key);
  if (!pem)
    return pem.takeError();
  return sha256(*pem);
}

llvm::Expected<std::string> tez::keyId(StringRef publicKey) {
  llvm::Expected<Key> key = readPublicKey(publicKey);
  if (!key)
    return key.takeError();
  return idOf(key->get());
}

//===----------------------------------------------------------------------===//
// Signing
//===----------------------------------------------------------------------===//

/// DSSE's pre-authentication encoding: what is signed.
static std::string encode(StringRef payload) {
  StringRef type = kPayload;
  return ("DSSEv1 " + Twine(type.size()) + " " + type + " " + Twine(payload.size()) + " " + payload)
      .str();
}

/// The subject's digest is over the digests of all files; there is one.
static std::string digestOfDigests(StringRef hex) { return sha256(llvm::fromHex(hex)); }

static std::string statementOf(StringRef name, StringRef content) {
  std::string digest = sha256(content);
  Json resource = {{"algorithm", "sha256"}, {"digest", digest}, {"name", "."}};
  Json statement = {
      {"_type", kStatement},
      {"subject", {{{"name", name.str()}, {"digest", {{"sha256", digestOfDigests(digest)}}}}}},
      {"predicateType", kPredicate},
      {"predicate",
       {{"serialization",
         {{"allow_symlinks", false},
          {"method", "files"},
          {"ignore_paths", Json::array()},
          {"hash_type", "sha256"}}},
        {"resources", Json::array({resource})}}}};
  return statement.dump(1);
}

llvm::Expected<std::string> tez::signFile(StringRef name, StringRef content, StringRef secret) {
  llvm::Expected<Key> key = readSecretKey(secret);
  if (!key)
    return key.takeError();
  std::string payload = statementOf(name, content);
  llvm::Expected<std::string> signature = sign(key->get(), encode(payload)), id = idOf(key->get());
  if (!signature || !id)
    return llvm::joinErrors(signature.takeError(), id.takeError());
  Json bundle = {
      {"mediaType", kBundle},
      {"verificationMaterial", {{"publicKey", {{"hint", *id}}}, {"tlogEntries", Json::array()}}},
      {"dsseEnvelope",
       {{"payload", llvm::encodeBase64(payload)},
        {"payloadType", kPayload},
        {"signatures",
         Json::array({Json{{"sig", llvm::encodeBase64(*signature)}, {"keyid", ""}}})}}}};
  return bundle.dump() + "\n";
}

//===----------------------------------------------------------------------===//
// Verifying
//===----------------------------------------------------------------------===//

namespace {
/// What a bundle holds, taken apart.
struct Bundle {
  std::string hint, payload, signature;
};
} // namespace

/// A string at a JSON pointer; nothing when it is not there.
static std::optional<std::string> textAt(const Json &json, const char *pointer) {
  Json::json_pointer path(pointer);
  if (!json.contains(path) || !json.at(path).is_string())
    return std::nullopt;
  return json.at(path).get<std::string>();
}

static llvm::Error checkText(const Json &json, const char *pointer, const Twine &expected) {
  std::optional<std::string> found = textAt(json, pointer);
  if (found && *found == expected.str())
    return llvm::Error::success();
  return refuse(Twine(pointer) + " is " + (found ? "\"" + *found + "\"" : "missing") +
                ", expected \"" + expected + "\"");
}

static llvm::Expected<std::string> decodeAt(const Json &json, const char *pointer) {
  std::optional<std::string> text = textAt(json, pointer);
  std::vector<char> bytes;
  if (!text)
    return refuse(Twine(pointer) + " is missing");
  if (llvm::Error error = llvm::decodeBase64(*text, bytes)) {
    llvm::consumeError(std::move(error));
    return refuse(Twine(pointer) + " is not base64");
  }
  return std::string(bytes.begin(), bytes.end());
}

static llvm::Expected<Json> parse(StringRef text, const char *what) {
  if (text.size() > kMostBytes)
    return refuse(Twine(what) + " has " + Twine(text.size()) + " bytes, the limit is " +
                  Twine(kMostBytes));
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return refuse(Twine(what) + " is not a JSON object");
  return json;
}

static llvm::Expected<Bundle> readBundle(StringRef text) {
  llvm::Expected<Json> json = parse(text, "the bundle");
  if (!json)
    return json.takeError();
  if (llvm::Error error = checkText(*json, "/mediaType", kBundle))
    return error;
  if (llvm::Error error = checkText(*json, "/dsseEnvelope/payloadType", kPayload))
    return error;
  Json::json_pointer list("/dsseEnvelope/signatures");
  if (!json->contains(list) || !json->at(list).is_array() || json->at(list).size() != 1)
    return refuse("there must be exactly one signature in /dsseEnvelope/signatures");
  llvm::Expected<std::string> payload = decodeAt(*json, "/dsseEnvelope/payload"),
                              signature = decodeAt(*json, "/dsseEnvelope/signatures/0/sig");
  if (!payload || !signature)
    return llvm::joinErrors(payload.takeError(), signature.takeError());
  Bundle bundle = {"", std::move(*payload), std::move(*signature)};
  bundle.hint = textAt(*json, "/verificationMaterial/publicKey/hint").value_or("");
  return bundle;
}

/// By a trusted key that nobody revoked; the hint only tells which.
static llvm::Error checkSigner(const Bundle &bundle, const TrustPolicy &policy) {
  for (const std::string &pem : policy.trusted) {
    llvm::Expected<Key> key = readPublicKey(pem);
    if (!key)
      return key.takeError();
    llvm::Expected<std::string> id = idOf(key->get());
    if (!id)
      return id.takeError();
    if (!verify(key->get(), encode(bundle.payload), bundle.signature))
      continue;
    if (bundle.hint != *id)
      return refuse("/verificationMaterial/publicKey/hint is \"" + Twine(bundle.hint) +
                    "\", the signature was made by the key " + *id);
    return llvm::is_contained(policy.revoked, *id) ? refuse("the key " + *id + " is revoked")
                                                   : llvm::Error::success();
  }
  return refuse("no trusted key made this signature" +
                (bundle.hint.empty() ? "" : " (it names the key " + bundle.hint + ")"));
}

static llvm::Error checkStatement(StringRef payload, StringRef name, StringRef content) {
  llvm::Expected<Json> statement = parse(payload, "the statement");
  if (!statement)
    return statement.takeError();
  Json::json_pointer resources("/predicate/resources"), subjects("/subject");
  for (const auto &list : {resources, subjects})
    if (!statement->contains(list) || !statement->at(list).is_array() ||
        statement->at(list).size() != 1)
      return refuse("the statement must have one entry in " + list.to_string());
  std::string digest = sha256(content);
  const std::pair<const char *, std::string> expected[] = {
      {"/_type", kStatement},
      {"/predicateType", kPredicate},
      {"/predicate/serialization/method", "files"},
      {"/predicate/serialization/hash_type", "sha256"},
      {"/predicate/resources/0/name", "."},
      {"/predicate/resources/0/algorithm", "sha256"},
      {"/predicate/resources/0/digest", digest},
      {"/subject/0/digest/sha256", digestOfDigests(digest)},
      {"/subject/0/name", name.str()}};
  for (const auto &[pointer, text] : expected)
    if (llvm::Error error = checkText(*statement, pointer, text))
      return error;
  return llvm::Error::success();
}

llvm::Error tez::verifySignature(StringRef bundle, StringRef name, StringRef content,
                                 const TrustPolicy &policy) {
  llvm::Expected<Bundle> read = readBundle(bundle);
  if (!read)
    return read.takeError();
  if (llvm::Error error = checkSigner(*read, policy))
    return error;
  return checkStatement(read->payload, name, content);
}
