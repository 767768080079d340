//===- Keys.cpp - ECDSA P-256 through OpenSSL -----------------------------===//

#include "Keys.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

using namespace tez;
using signing::Key;
using std::string_view;

namespace {
struct FreeBio {
  void operator()(BIO *bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeDigest {
  void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;
} // namespace

/// The library keeps its errors in a queue of the thread; none may stay there.
[[noreturn]] static void fail(const std::string &what) {
  ERR_clear_error();
  throw signing::Error(what);
}

static Bio open(string_view text) { return Bio(BIO_new_mem_buf(text.data(), int(text.size()))); }

static int noPassphrase(char *, int, int, void *) { return -1; }

static Key checked(EVP_PKEY *read, const std::string &kind) {
  Key key(read);
  if (!key)
    fail("not a " + kind + " key in PEM, without a passphrase");
  char group[64] = "";
  if (!EVP_PKEY_is_a(key.get(), "EC") ||
      !EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr) ||
      string_view(group) != "prime256v1")
    fail(std::string("the key is ") + EVP_PKEY_get0_type_name(key.get()) + " " + group +
         ", expected ECDSA P-256 (prime256v1)");
  return key;
}

Key signing::readSecretKey(string_view pem) {
  return checked(PEM_read_bio_PrivateKey(open(pem).get(), nullptr, noPassphrase, nullptr),
                 "private");
}

Key signing::readPublicKey(string_view pem) {
  return checked(PEM_read_bio_PUBKEY(open(pem).get(), nullptr, noPassphrase, nullptr), "public");
}

template <typename Write> static std::string written(Write write) {
  Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || !write(bio.get()))
    fail("the key cannot be written");
  char *data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, size_t(size));
}

std::string signing::writePublicKey(EVP_PKEY *key) {
  return written([&](BIO *bio) { return PEM_write_bio_PUBKEY(bio, key); });
}

std::string signing::writeSecretKey(EVP_PKEY *key) {
  return written([&](BIO *bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

static const unsigned char *bytesOf(string_view text) {
  return reinterpret_cast<const unsigned char *>(text.data());
}

std::string signing::sign(EVP_PKEY *key, string_view message) {
  Digest digest(EVP_MD_CTX_new());
  size_t size = 0;
  std::string signature;
  if (!digest || !EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) ||
      !EVP_DigestSign(digest.get(), nullptr, &size, bytesOf(message), message.size()))
    fail("the signature cannot be made");
  signature.resize(size);
  auto *out = reinterpret_cast<unsigned char *>(signature.data());
  if (!EVP_DigestSign(digest.get(), out, &size, bytesOf(message), message.size()))
    fail("the signature cannot be made");
  signature.resize(size);
  return signature;
}

bool signing::verify(EVP_PKEY *key, string_view message, string_view signature) {
  Digest digest(EVP_MD_CTX_new());
  bool good = digest &&
              EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
              EVP_DigestVerify(digest.get(), bytesOf(signature), signature.size(), bytesOf(message),
                               message.size()) == 1;
  ERR_clear_error();
  return good;
}
