//===- S3StoreTest.cpp - A store in a bucket ------------------------------===//
//
// Against the server of $AWS_ENDPOINT_URL, in the store $TEZ_TEST_STORE:
// test/Integration/store_s3.py starts servers and runs it over each.
//
//===----------------------------------------------------------------------===//

#include "tez/Service/Digest.h"
#include "tez/Service/Worker/ObjectStore.h"
#include <fstream>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <thread>

using namespace tez;
using namespace tez::worker;
namespace fs = std::filesystem;

namespace {
class Buckets : public ::testing::Test {
protected:
  Buckets() {
    std::string pattern = ::testing::TempDir() + "tez-s3-XXXXXX";
    folder = mkdtemp(pattern.data());
  }
  ~Buckets() override { fs::remove_all(folder); }

  std::string place() const {
    const char *store = std::getenv("TEZ_TEST_STORE");
    return store ? store : "s3://no-bucket";
  }
  std::unique_ptr<ObjectStore> open() { return openStore(place(), folder / "work", stop); }
  fs::path file(const std::string &text) {
    std::ofstream(folder / "compiled.pt", std::ios::binary) << text;
    return folder / "compiled.pt";
  }

  fs::path folder;
  Stop stop;
};
} // namespace

/// Unlike from one byte to the next: parts that change places are noticed.
static std::string bytes(size_t size, unsigned seed) {
  std::string text(size, '\0');
  for (char &letter : text)
    letter = char((seed = seed * 1664525u + 1013904223u) >> 24);
  return text;
}

TEST_F(Buckets, ObjectsArePutWholeAndFoundAgain) {
  auto store = open();
  EXPECT_TRUE(store->isHealthy());
  Json stored = store->put("kernel-1", file("bytes"), {{"name", "größe"}});
  EXPECT_EQ(stored["checksum"], service::sha256Hex("bytes"));
  EXPECT_EQ(stored["bytes"], 5);
  EXPECT_EQ(store->find("kernel-1"), stored);
  EXPECT_EQ(store->reference("kernel-1", kernelFile), place() + "/kernels/kernel-1/compiled.pt");
  EXPECT_FALSE(store->find("kernel-2"));
}

TEST_F(Buckets, ObjectsStayAsTheFirstPutThem) {
  auto store = open();
  Json first = store->put("first", file("first"), {{"by", "first"}});
  EXPECT_EQ(store->put("first", file("second"), {{"by", "second"}}), first);
}

TEST_F(Buckets, LargeOnesGoInParts) {
  auto store = open();
  std::string large = bytes((size_t(21) << 20) + 12345, 1); // three parts, the last not whole
  Json stored = store->put("large", file(large), {});
  EXPECT_EQ(stored["checksum"], service::sha256Hex(large));
  EXPECT_EQ(stored["bytes"], large.size());
  EXPECT_TRUE(store->find("large"));
}

static long peakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_F(Buckets, MemoryDoesNotGrowWithTheFile) {
  auto store = open();
  {
    std::string piece = bytes(size_t(4) << 20, 2);
    std::ofstream out(folder / "compiled.pt", std::ios::binary);
    for (int i = 0; i < 24; ++i)
      out << piece;
  }
  long before = peakKilobytes();
  store->put("huge", folder / "compiled.pt", {});
  EXPECT_LT(peakKilobytes() - before, 16 << 10) << "for a file of 96 MiB";
}

TEST_F(Buckets, SignaturesAndFailuresAreKept) {
  auto store = open();
  std::ofstream(folder / "compiled.pt.sig") << "signature";
  store->put("signed", file("signed bytes"), {}); // the script looks for them
  store->keepFailed("größe/1", "text", {{"reason", "a reason"}});
}

static std::string faultOf(const std::function<void()> &action) {
  try {
    action();
  } catch (const std::exception &fault) {
    return fault.what();
  }
  return "no fault";
}

TEST_F(Buckets, AFaultSaysWhatTheServerSaid) {
  ::setenv("AWS_SECRET_ACCESS_KEY", "another", 1);
  std::string wrongKey = faultOf([&] { open(); });
  ::setenv("AWS_SECRET_ACCESS_KEY", "testing", 1);
  EXPECT_NE(wrongKey.find("SignatureDoesNotMatch"), std::string::npos) << wrongKey;
  std::string noBucket = faultOf([&] { openStore("s3://no-such-bucket", folder / "work", stop); });
  EXPECT_NE(noBucket.find("PUT s3://no-such-bucket/tmp/health answered 404"), std::string::npos)
      << noBucket;
}

TEST_F(Buckets, TheEndStopsAnUpload) {
  auto store = open();
  stop.ask();
  stop.wait(Milliseconds(0));
  while (!stop.asked(Milliseconds(2000)))
    std::this_thread::sleep_for(Milliseconds(100));
  EXPECT_THROW(store->find("kernel-1"), GivenUp);
}
