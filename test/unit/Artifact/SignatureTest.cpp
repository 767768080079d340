//===- SignatureTest.cpp - Detached signatures ----------------------------===//

#include "tez/Artifact/Signature.h"
#include "gtest/gtest.h"

using namespace tez;

namespace {
/// A signed file and who is trusted.
struct Signature : testing::Test {
  KeyPair keys = llvm::cantFail(generateKey());
  std::string content = std::string("PK\0some bytes of a kernel", 25);
  std::string bundle = llvm::cantFail(signFile("K.pt", content, keys.secret));
  TrustPolicy policy = {{keys.publicKey}, {}};

  std::string verdict() const { return verdictOn(bundle, "K.pt", content, policy); }
  static std::string verdictOn(const std::string &bundle, const std::string &name,
                               const std::string &content, const TrustPolicy &policy) {
    llvm::Error error = verifySignature(bundle, name, content, policy);
    return error ? llvm::toString(std::move(error)) : "good";
  }
};
} // namespace

static std::string replaced(std::string text, const std::string &from, const std::string &to) {
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST_F(Signature, OwnIsGood) { EXPECT_EQ(verdict(), "good"); }

TEST_F(Signature, EveryByteOfTheFileCounts) {
  for (size_t i = 0; i < content.size(); ++i) {
    std::string other = content;
    other[i] = char(other[i] ^ 1);
    EXPECT_NE(verdictOn(bundle, "K.pt", other, policy), "good") << i;
  }
  EXPECT_NE(verdictOn(bundle, "K.pt", content + '\0', policy), "good");
  EXPECT_NE(verdictOn(bundle, "K.pt", content.substr(1), policy), "good");
}

TEST_F(Signature, NoByteOfTheBundleMakesItAnotherFiles) {
  std::string other = content + "!";
  for (size_t i = 0; i < bundle.size(); ++i) {
    std::string changed = bundle;
    changed[i] = char(changed[i] ^ 4);
    EXPECT_NE(verdictOn(changed, "K.pt", other, policy), "good") << i;
  }
}

TEST_F(Signature, AnotherNameIsRefused) {
  EXPECT_EQ(verdictOn(bundle, "L.pt", content, policy),
            "/subject/0/name is \"K.pt\", expected \"L.pt\"");
}

TEST_F(Signature, AnotherKeyIsRefused) {
  policy.trusted = {llvm::cantFail(generateKey()).publicKey};
  EXPECT_NE(verdict().find("no trusted key made this signature (it names the key "),
            std::string::npos);
  policy.trusted.push_back(keys.publicKey);
  EXPECT_EQ(verdict(), "good");
  policy.trusted.clear();
  EXPECT_NE(verdict(), "good");
}

TEST_F(Signature, RevokedKeyIsRefused) {
  policy.revoked = {llvm::cantFail(keyId(keys.publicKey))};
  EXPECT_EQ(verdict(), "the key " + policy.revoked[0] + " is revoked");
}

TEST_F(Signature, TwoSignaturesAreRefused) {
  bundle = replaced(bundle, "\"signatures\":[", "\"signatures\":[{\"sig\":\"\",\"keyid\":\"\"},");
  EXPECT_EQ(verdict(), "there must be exactly one signature in /dsseEnvelope/signatures");
}

TEST_F(Signature, MalformedBundlesAreRefused) {
  for (const char *text : {"", "{", "[]", "{}", "null", "{\"mediaType\": 1}"}) {
    bundle = text;
    EXPECT_NE(verdict(), "good") << text;
  }
  bundle = std::string(2 << 20, ' ');
  EXPECT_EQ(verdict(), "the bundle has 2097152 bytes, the limit is 1048576");
}

TEST_F(Signature, HintNamesTheKey) {
  bundle = replaced(bundle, "\"hint\":\"", "\"hint\":\"0");
  EXPECT_NE(verdict().find("publicKey/hint is \"0"), std::string::npos);
}

TEST_F(Signature, OnlyP256KeysSign) {
  // Made by `openssl genpkey -algorithm ed25519`.
  std::string ed25519 = "-----BEGIN PRIVATE KEY-----\n"
                        "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
                        "-----END PRIVATE KEY-----\n";
  auto refused = signFile("K.pt", content, ed25519);
  EXPECT_NE(llvm::toString(refused.takeError()).find("expected ECDSA P-256"), std::string::npos);
  for (const char *text :
       {"", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
    EXPECT_FALSE(bool(llvm::expectedToOptional(signFile("K.pt", content, text)))) << text;
  EXPECT_FALSE(bool(llvm::expectedToOptional(keyId(keys.secret))));
}
