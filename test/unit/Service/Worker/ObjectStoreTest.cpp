//===- ObjectStoreTest.cpp ------------------------------------------------===//

#include "tez/Service/Worker/ObjectStore.h"
#include "tez/Service/Digest.h"
#include <fstream>
#include <gtest/gtest.h>
#include <stdlib.h>

using namespace tez;
using namespace tez::worker;
namespace fs = std::filesystem;

namespace {
class Objects : public ::testing::Test {
protected:
  Objects() {
    std::string pattern = ::testing::TempDir() + "tez-objects-XXXXXX";
    folder = mkdtemp(pattern.data());
  }
  ~Objects() override { fs::remove_all(folder); }

  fs::path file(const std::string &name, const std::string &text) {
    std::ofstream(folder / name) << text;
    return folder / name;
  }
  std::unique_ptr<ObjectStore> open() { return openStore((folder / "store").string(), "", stop); }

  fs::path folder;
  Stop stop;
};
} // namespace

TEST_F(Objects, ArePutWholeAndFoundAgain) {
  auto store = open();
  Json stored = store->put("kernel-1", file("k", "bytes"), {{"name", "n"}});
  EXPECT_EQ(stored["checksum"], service::sha256Hex("bytes"));
  EXPECT_EQ(stored["bytes"], 5);
  EXPECT_EQ(store->find("kernel-1"), stored);
  EXPECT_EQ(store->reference("kernel-1", kernelFile),
            "file://" + (folder / "store/kernels/kernel-1/compiled.pt").string());
  EXPECT_FALSE(store->find("kernel-2"));
}

TEST_F(Objects, StayAsTheFirstPutThem) {
  auto store = open();
  Json first = store->put("k", file("a", "first"), {{"by", "first"}});
  EXPECT_EQ(store->put("k", file("b", "second"), {{"by", "second"}}), first);
}

TEST_F(Objects, AreReplacedWhenTheyRot) {
  auto store = open();
  store->put("k", file("a", "good"), {});
  file("store/kernels/k/compiled.pt", "gold");
  EXPECT_FALSE(store->find("k"));
  EXPECT_EQ(store->put("k", file("b", "good"), {})["checksum"], service::sha256Hex("good"));
  EXPECT_TRUE(store->find("k"));
}

TEST_F(Objects, SignaturesGoWithThem) {
  auto store = open();
  file("k.pt.sig", "signature");
  store->put("k", file("k.pt", "bytes"), {});
  EXPECT_TRUE(fs::exists(folder / "store/kernels/k/compiled.pt.sig"));
}

TEST_F(Objects, ModelsHaveTheirOwnName) {
  auto store = open();
  Json stored = store->put("m", file("m.onnx", "model"), {{"file", modelFile}});
  EXPECT_EQ(store->find("m"), stored);
  EXPECT_TRUE(fs::exists(folder / "store/kernels/m/compiled.onnx"));
  EXPECT_FALSE(fs::exists(folder / "store/kernels/m/compiled.pt"));
  file("store/kernels/m/compiled.onnx", "medal");
  EXPECT_FALSE(store->find("m"));
}

TEST_F(Objects, MetadataLeadsToNoOtherFile) {
  auto store = open();
  store->put("k", file("k", "bytes"), {});
  std::string sum = service::sha256Hex("elsewhere");
  file("store/elsewhere", "elsewhere");
  file("store/kernels/k/metadata.json",
       R"({"file": "../../elsewhere", "checksum": ")" + sum + "\"}");
  EXPECT_FALSE(store->find("k"));
}

TEST_F(Objects, WhatTheDeadLeftIsSwept) {
  auto store = open();
  WorkFolder alive(store->workPlace());
  fs::create_directories(store->workPlace() / "job-dead");
  file("store/tmp/job-dead/kernel.pt", "half");
  open();
  EXPECT_TRUE(fs::exists(alive.path));
  EXPECT_FALSE(fs::exists(store->workPlace() / "job-dead"));
}

TEST_F(Objects, AFaultNamesThePath) {
  file("store", "a file, no folder");
  try {
    auto store = open();
    FAIL();
  } catch (const Unavailable &fault) {
    EXPECT_NE(std::string(fault.what()).find((folder / "store").string()), std::string::npos);
  }
}
