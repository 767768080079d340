//===- StateDictFuzzTest.cpp - Damaged weight files -----------------------===//
//
// Every byte of a file is replaced and every length cut: the reader may refuse
// or accept, but every tensor it hands out must be readable to its last byte
// (which the sanitizer build checks) and no larger than a few times the file.
//
//===----------------------------------------------------------------------===//

#include "WeightFiles.h"

using namespace tez;
using namespace tez::test;

namespace {

class DamagedFile : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    auto buffer = llvm::MemoryBuffer::getFile(inputFile(GetParam()));
    ASSERT_TRUE(buffer);
    original = (*buffer)->getBuffer().str();
  }

  void read(llvm::StringRef content) {
    auto store = readStateDict(llvm::MemoryBuffer::getMemBufferCopy(content, "the file"));
    if (!store) {
      EXPECT_TRUE(llvm::StringRef(llvm::toString(store.takeError())).starts_with("the file: "));
      return;
    }
    ++accepted;
    size_t bytes = 0;
    for (const std::string &name : store->names()) {
      const HostTensor *tensor = store->lookup(name);
      bytes += tensor->numBytes();
      ASSERT_LE(bytes, 64 * content.size());
      EXPECT_EQ(tensor->toDoubles().size(), size_t(tensor->numElements()));
    }
  }

  std::string original;
  size_t accepted = 0;
};

TEST_P(DamagedFile, EveryByteReplaced) {
  for (size_t i = 0; i < original.size(); ++i)
    for (char other : {char(0), char(0xff), char(original[i] ^ 1), char(original[i] + 1)}) {
      std::string damaged = original;
      damaged[i] = other;
      read(damaged);
    }
  EXPECT_GT(accepted, 0u); // bytes that carry only values
}

TEST_P(DamagedFile, EveryLengthCut) {
  for (size_t length = 0; length < original.size(); ++length)
    read(llvm::StringRef(original).take_front(length));
}

// The archive without checksums, so that damage reaches the pickle.
INSTANTIATE_TEST_SUITE_P(, DamagedFile, testing::Values("unchecked.pt", "net.safetensors"));

} // namespace
