//===- Signature.cpp - Detached signatures of files -----------------------===//

#include "tez/Signing/Signature.h"
#include "Digest.h"
#include "Keys.h"
#include <algorithm>
#include <nlohmann/json.hpp>
#include <openssl/ec.h>
#include <optional>

using namespace tez;
using signing::Error;
using signing::Key;
using std::string_view;
using Json = nlohmann::ordered_json;

static constexpr const char *kBundle = "application/vnd.dev.sigstore.bundle.v0.3+json",
                            *kPayload = "application/vnd.in-toto+json",
                            *kStatement = "https://in-toto.io/Statement/v1",
                            *kPredicate = "https://model_signing/signature/v1.0";
static constexpr size_t kMostBytes = size_t(1) << 20; ///< of a bundle

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

signing::KeyPair signing::generateKey() {
  Key key(EVP_EC_gen("P-256"));
  if (!key)
    throw Error("no key can be made");
  return {writeSecretKey(key.get()), writePublicKey(key.get())};
}

static std::string idOf(EVP_PKEY *key) { return signing::sha256(signing::writePublicKey(key)); }

std::string signing::keyId(string_view publicKey) { return idOf(readPublicKey(publicKey).get()); }

//===----------------------------------------------------------------------===//
// Signing
//===----------------------------------------------------------------------===//

/// DSSE's pre-authentication encoding: what is signed.
static std::string encode(const std::string &payload) {
  std::string type = kPayload;
  return "DSSEv1 " + std::to_string(type.size()) + " " + type + " " +
         std::to_string(payload.size()) + " " + payload;
}

namespace {
/// Of a file. The subject's is over the digests of all files; there is one.
struct Digests {
  explicit Digests(string_view content) {
    std::string bytes = signing::sha256Bytes(content);
    file = signing::hexadecimal(bytes);
    subject = signing::sha256(bytes);
  }
  std::string file, subject;
};
} // namespace

static std::string statementOf(string_view name, string_view content) {
  Digests digests(content);
  Json resource = {{"algorithm", "sha256"}, {"digest", digests.file}, {"name", "."}};
  Json statement = {{"_type", kStatement},
                    {"subject", {{{"name", name}, {"digest", {{"sha256", digests.subject}}}}}},
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

std::string signing::signFile(string_view name, string_view content, string_view secret) {
  Key key = readSecretKey(secret);
  std::string payload = statementOf(name, content);
  std::string signature = sign(key.get(), encode(payload));
  Json bundle = {
      {"mediaType", kBundle},
      {"verificationMaterial",
       {{"publicKey", {{"hint", idOf(key.get())}}}, {"tlogEntries", Json::array()}}},
      {"dsseEnvelope",
       {{"payload", encodeBase64(payload)},
        {"payloadType", kPayload},
        {"signatures", Json::array({Json{{"sig", encodeBase64(signature)}, {"keyid", ""}}})}}}};
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
static std::optional<std::string> textAt(const Json &json, const std::string &pointer) {
  Json::json_pointer path(pointer);
  if (!json.contains(path) || !json.at(path).is_string())
    return std::nullopt;
  return json.at(path).get<std::string>();
}

static void checkText(const Json &json, const std::string &pointer, const std::string &expected) {
  std::optional<std::string> found = textAt(json, pointer);
  if (found != expected)
    throw Error(pointer + " is " + (found ? "\"" + *found + "\"" : "missing") + ", expected \"" +
                expected + "\"");
}

static std::string decodeAt(const Json &json, const std::string &pointer) {
  std::optional<std::string> text = textAt(json, pointer);
  if (!text)
    throw Error(pointer + " is missing");
  std::optional<std::string> bytes = signing::decodeBase64(*text);
  if (!bytes)
    throw Error(pointer + " is not base64");
  return *bytes;
}

static Json parse(string_view text, const std::string &what) {
  if (text.size() > kMostBytes)
    throw Error(what + " has " + std::to_string(text.size()) + " bytes, the limit is " +
                std::to_string(kMostBytes));
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    throw Error(what + " is not a JSON object");
  return json;
}

static bool hasOne(const Json &json, const char *list) {
  Json::json_pointer path(list);
  return json.contains(path) && json.at(path).is_array() && json.at(path).size() == 1;
}

static Bundle readBundle(string_view text) {
  Json json = parse(text, "the bundle");
  checkText(json, "/mediaType", kBundle);
  checkText(json, "/dsseEnvelope/payloadType", kPayload);
  if (!hasOne(json, "/dsseEnvelope/signatures"))
    throw Error("there must be exactly one signature in /dsseEnvelope/signatures");
  return {textAt(json, "/verificationMaterial/publicKey/hint").value_or(""),
          decodeAt(json, "/dsseEnvelope/payload"),
          decodeAt(json, "/dsseEnvelope/signatures/0/sig")};
}

/// By a trusted key that nobody revoked; the hint only tells which.
static void checkSigner(const Bundle &bundle, const signing::TrustPolicy &policy) {
  for (const std::string &pem : policy.trusted) {
    Key key = signing::readPublicKey(pem);
    std::string id = idOf(key.get());
    if (!signing::verify(key.get(), encode(bundle.payload), bundle.signature))
      continue;
    if (bundle.hint != id)
      throw Error("/verificationMaterial/publicKey/hint is \"" + bundle.hint +
                  "\", the signature was made by the key " + id);
    if (std::find(policy.revoked.begin(), policy.revoked.end(), id) != policy.revoked.end())
      throw Error("the key " + id + " is revoked");
    return;
  }
  throw Error("no trusted key made this signature" +
              (bundle.hint.empty() ? "" : " (it names the key " + bundle.hint + ")"));
}

static void checkStatement(string_view payload, string_view name, string_view content) {
  Json statement = parse(payload, "the statement");
  for (const char *list : {"/predicate/resources", "/subject"})
    if (!hasOne(statement, list))
      throw Error(std::string("the statement must have one entry in ") + list);
  Digests digests(content);
  const std::pair<const char *, std::string> expected[] = {
      {"/_type", kStatement},
      {"/predicateType", kPredicate},
      {"/predicate/serialization/method", "files"},
      {"/predicate/serialization/hash_type", "sha256"},
      {"/predicate/resources/0/name", "."},
      {"/predicate/resources/0/algorithm", "sha256"},
      {"/predicate/resources/0/digest", digests.file},
      {"/subject/0/digest/sha256", digests.subject},
      {"/subject/0/name", std::string(name)}};
  for (const auto &[pointer, text] : expected)
    checkText(statement, pointer, text);
}

void signing::checkSignature(string_view bundle, string_view name, string_view content,
                             const TrustPolicy &policy) {
  Bundle read = readBundle(bundle);
  checkSigner(read, policy);
  checkStatement(read.payload, name, content);
}
