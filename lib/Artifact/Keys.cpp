//===- Keys.cpp - ECDSA P-256 through OpenSSL -----------------------------===//

#include "Keys.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

using namespace tez;
using llvm::StringRef;

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
static llvm::Error fail(const llvm::Twine &what) {
  ERR_clear_error();
  return llvm::createStringError(what);
}

static Bio open(StringRef text) { return Bio(BIO_new_mem_buf(text.data(), int(text.size()))); }

static int noPassphrase(char *, int, int, void *) { return -1; }

static llvm::Expected<Key> checked(EVP_PKEY *read, const char *kind) {
  Key key(read);
  if (!key)
    return fail(llvm::Twine("not a ") + kind + " key in PEM, without a passphrase");
  char group[64] = "";
  if (!EVP_PKEY_is_a(key.get(), "EC") ||
      !EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr) ||
      StringRef(group) != "prime256v1")
    return fail(llvm::Twine("the key is ") + EVP_PKEY_get0_type_name(key.get()) + " " + group +
                ", expected ECDSA P-256 (prime256v1)");
  return key;
}

llvm::Expected<Key> tez::readSecretKey(StringRef pem) {
  return checked(PEM_read_bio_PrivateKey(open(pem).get(), nullptr, noPassphrase, nullptr),
                 "private");
}

llvm::Expected<Key> tez::readPublicKey(StringRef pem) {
  return checked(PEM_read_bio_PUBKEY(open(pem).get(), nullptr, noPassphrase, nullptr), "public");
}

template <typename Write> static llvm::Expected<std::string> written(Write write) {
  Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || !write(bio.get()))
    return fail("the key cannot be written");
  char *data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, size_t(size));
}

llvm::Expected<std::string> tez::writePublicKey(EVP_PKEY *key) {
  return written([&](BIO *bio) { return PEM_write_bio_PUBKEY(bio, key); });
}

llvm::Expected<std::string> tez::writeSecretKey(EVP_PKEY *key) {
  return written([&](BIO *bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

static const unsigned char *bytesOf(StringRef text) { return text.bytes_begin(); }

llvm::Expected<std::string> tez::sign(EVP_PKEY *key, StringRef message) {
  Digest digest(EVP_MD_CTX_new());
  size_t size = 0;
  std::string signature;
  if (!digest || !EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) ||
      !EVP_DigestSign(digest.get(), nullptr, &size, bytesOf(message), message.size()))
    return fail("the signature cannot be made");
  signature.resize(size);
  auto *out = reinterpret_cast<unsigned char *>(signature.data());
  if (!EVP_DigestSign(digest.get(), out, &size, bytesOf(message), message.size()))
    return fail("the signature cannot be made");
  signature.resize(size);
  return signature;
}

bool tez::verify(EVP_PKEY *key, StringRef message, StringRef signature) {
  Digest digest(EVP_MD_CTX_new());
  bool good = digest &&
              EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
              EVP_DigestVerify(digest.get(), bytesOf(signature), signature.size(), bytesOf(message),
                               message.size()) == 1;
  ERR_clear_error();
  return good;
}
