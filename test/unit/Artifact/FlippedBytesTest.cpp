//===- FlippedBytesTest.cpp - Every byte of a signed kernel ---------------===//

#include "Kernels.h"
#include "tez/Artifact/KernelFile.h"
#include "tez/Artifact/Signature.h"
#include "gtest/gtest.h"

using namespace tez;

static bool accepts(llvm::Error error) {
  bool good = !error;
  llvm::consumeError(std::move(error));
  return good;
}

TEST(FlippedBytes, NoneIsAcceptedPaddingIncluded) {
  KeyPair keys = llvm::cantFail(generateKey());
  test::SmallKernel small;
  small.weights = std::string(1024, 'w');
  std::string kernel = small.sealed();
  std::string bundle = llvm::cantFail(signFile("K.pt", kernel, keys.secret));
  TrustPolicy policy = {{keys.publicKey}, {}};
  auto isGood = [&] {
    return accepts(verifySignature(bundle, "K.pt", kernel, policy)) &&
           accepts(verifyArchive(kernel));
  };
  ASSERT_TRUE(isGood());
  for (size_t i = 0; i < kernel.size(); ++i) {
    char before = std::exchange(kernel[i], char(kernel[i] ^ 1 << i % 8));
    EXPECT_FALSE(isGood()) << "byte " << i;
    kernel[i] = before;
  }
}

/// Without a signature the manifest and the checks of the content are all there is;
/// whatever they answer, they read nothing but the file (the sanitizers look).
TEST(FlippedBytes, UnsignedFilesAreReadWithCare) {
  std::string kernel = test::SmallKernel().sealed();
  size_t refused = 0;
  for (size_t i = 0; i < kernel.size(); ++i)
    for (int bit : {1, 128}) {
      kernel[i] = char(kernel[i] ^ bit);
      bool isWhole = accepts(verifyArchive(kernel)), isSafe = accepts(checkKernelFile(kernel));
      refused += !isWhole || !isSafe;
      kernel[i] = char(kernel[i] ^ bit);
    }
  EXPECT_GT(refused, kernel.size());
}
