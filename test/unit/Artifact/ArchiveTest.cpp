//===- ArchiveTest.cpp - Sealed archives ----------------------------------===//

#include "tez/Artifact/Archive.h"
#include "tez/Support/ZipReader.h"
#include "tez/Support/ZipWriter.h"
#include "gtest/gtest.h"

using namespace tez;

static std::string plain(std::string data = "data") {
  ZipWriter writer;
  writer.add("kernel/data.pkl", data);
  writer.add("kernel/data/0", std::string(100, 'w'));
  return writer.finish();
}

static std::string sealed() {
  auto archive = sealArchive(plain(), {{"metadata.json", "{}"}, {"blueprint", "net"}});
  EXPECT_TRUE(bool(archive));
  return *archive;
}

static std::string verdictOn(const std::string &archive) {
  llvm::Error error = verifyArchive(archive);
  return error ? llvm::toString(std::move(error)) : "good";
}

/// The records of `archive`, changed by `edit`, as an archive of their own.
template <typename Edit> static std::string rebuilt(const std::string &archive, Edit edit) {
  auto zip = ZipReader::open(archive);
  ZipWriter writer;
  for (const std::string &name : zip->names())
    edit(writer, name, zip->read(name)->str());
  return writer.finish();
}

TEST(Archive, HashIsTheStandards) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Archive, SealedIsWholeAndReadable) {
  EXPECT_EQ(verdictOn(sealed()), "good");
  EXPECT_EQ(*readExtra(sealed(), "blueprint"), "net");
  EXPECT_EQ(*ZipReader::open(sealed())->read("kernel/data.pkl"), "data");
  EXPECT_EQ(sealed(), sealed());
}

TEST(Archive, PlainIsNotSealed) {
  EXPECT_EQ(verdictOn(plain()), "there is no record \"kernel/extra/manifest.json\": not a sealed "
                                "kernel file");
  EXPECT_NE(verdictOn("no archive"), "good");
}

TEST(Archive, MissingRecordIsNamed) {
  std::string archive =
      rebuilt(sealed(), [](ZipWriter &writer, const std::string &name, const std::string &content) {
        if (name != "kernel/data/0")
          writer.add(name, content);
      });
  EXPECT_EQ(verdictOn(archive), "record \"kernel/data/0\" of the manifest is missing");
}

TEST(Archive, ExtraRecordIsNamed) {
  std::string archive =
      rebuilt(sealed(), [](ZipWriter &writer, const std::string &name, const std::string &content) {
        writer.add(name, content);
        if (name == "kernel/data/0")
          writer.add("kernel/data/1", "x");
      });
  EXPECT_EQ(verdictOn(archive), "record \"kernel/data/1\" is not in the manifest");
}

TEST(Archive, ChangedRecordIsNamed) {
  std::string archive =
      rebuilt(sealed(), [](ZipWriter &writer, const std::string &name, const std::string &content) {
        writer.add(name, name == "kernel/extra/blueprint" ? "Net" : content);
      });
  EXPECT_NE(verdictOn(archive).find("record \"kernel/extra/blueprint\" has the SHA-256"),
            std::string::npos);
}

TEST(Archive, MalformedManifestIsRefused) {
  for (const char *text :
       {"", "[]", "{}", "{\"format\": 2, \"sha256\": {}}", "{\"format\": 1, \"sha256\": []}",
        "{\"format\": 1, \"sha256\": {\"kernel/data.pkl\": 7}}"}) {
    std::string archive = rebuilt(
        sealed(), [&](ZipWriter &writer, const std::string &name, const std::string &content) {
          writer.add(name, name == "kernel/extra/manifest.json" ? text : content);
        });
    EXPECT_NE(verdictOn(archive), "good") << text;
  }
}

TEST(Archive, OurRecordsAreNotTheKernel) {
  auto other = sealArchive(plain(), {{"metadata.json", "{\"other\": 1}"}});
  EXPECT_TRUE(isSameKernel(sealed(), *other));
  EXPECT_TRUE(isSameKernel(sealed(), plain()));
  EXPECT_FALSE(isSameKernel(sealed(), *sealArchive(plain("Data"), {})));
}

TEST(Archive, SealingAgainReplacesOurRecords) {
  auto again = sealArchive(sealed(), {{"key.json", "[]"}});
  ASSERT_TRUE(bool(again));
  EXPECT_EQ(verdictOn(*again), "good");
  EXPECT_EQ(*again, *sealArchive(plain(), {{"key.json", "[]"}}));
  EXPECT_FALSE(ZipReader::open(*again)->contains("kernel/extra/blueprint"));
}

TEST(Archive, LongRecordsOfOursAreCompressed) {
  std::string text(1000, 'x');
  auto archive = sealArchive(plain(), {{"blueprint", text}});
  auto zip = ZipReader::open(*archive);
  EXPECT_EQ(zip->readRaw("kernel/extra/blueprint")->method, 8);
  EXPECT_EQ(zip->readRaw("kernel/data/0")->method, 0);
  EXPECT_EQ(zip->readRaw("kernel/extra/manifest.json")->method, 0);
  EXPECT_EQ(*readExtra(*archive, "blueprint"), text);
  EXPECT_EQ(verdictOn(*archive), "good");
}

TEST(Archive, FirstDifferenceIsNamed) {
  using Name = std::optional<std::string>;
  ExtraRecords ours = {{"blueprint", "net"}, {"metadata.json", "{}"}};
  ExtraRecords other = {{"blueprint", "Net"}, {"metadata.json", "{}"}};
  std::string a = *sealArchive(plain(), ours), b = *sealArchive(plain(), other);
  EXPECT_EQ(*firstDifference(a, a), Name());
  EXPECT_EQ(*firstDifference(a, b), Name("kernel/extra/blueprint"));
  EXPECT_EQ(*firstDifference(a, b, {"blueprint"}), Name());
  EXPECT_EQ(*firstDifference(a, *sealArchive(plain("Data"), ours)), Name("kernel/data.pkl"));
  EXPECT_EQ(*firstDifference(plain(), a), Name("kernel/extra/blueprint"));
}
