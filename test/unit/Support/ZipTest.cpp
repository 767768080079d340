//===- ZipTest.cpp - What ZipWriter wrote, read by ZipReader --------------===//

#include "tez/Support/ZipReader.h"
#include "tez/Support/ZipWriter.h"
#include "gtest/gtest.h"

using namespace tez;

namespace {

std::string archiveOf(const std::vector<std::pair<std::string, std::string>> &records) {
  ZipWriter writer;
  for (const auto &[name, content] : records)
    writer.add(name, content);
  return writer.finish();
}

std::string messageOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : "accepted";
}

TEST(Zip, RecordsComeBack) {
  std::string large(100000, 'x');
  std::string archive = archiveOf({{"k/data.pkl", "abc"}, {"k/empty", ""}, {"k/large", large}});
  auto reader = ZipReader::open(archive);
  ASSERT_TRUE(bool(reader));
  EXPECT_EQ(reader->names(), (std::vector<std::string>{"k/data.pkl", "k/empty", "k/large"}));
  EXPECT_EQ(*reader->read("k/data.pkl"), "abc");
  EXPECT_EQ(*reader->read("k/empty"), "");
  EXPECT_EQ(*reader->read("k/large"), large);
}

TEST(Zip, CompressedWhereItSaves) {
  std::string large(100000, 'x'), small = "q";
  ZipWriter writer;
  writer.addCompressed("large", large);
  writer.addCompressed("small", small);
  writer.addCompressed("empty", "");
  std::string archive = writer.finish();
  EXPECT_LT(archive.size(), 1000u);
  auto reader = ZipReader::open(archive);
  ASSERT_TRUE(bool(reader));
  EXPECT_EQ(reader->readRaw("large")->method, 8);
  EXPECT_EQ(*inflateRecord(*reader->readRaw("large"), large.size()), large);
  EXPECT_EQ(*reader->read("small"), small); // which refuses what is compressed
  EXPECT_EQ(*reader->read("empty"), "");
}

TEST(Zip, ContentIsAligned) {
  std::string archive = archiveOf({{"a", "1"}, {"name", "22"}, {"longer/name", "333"}});
  auto reader = ZipReader::open(archive);
  ASSERT_TRUE(bool(reader));
  for (const std::string &name : reader->names())
    EXPECT_EQ((reader->read(name)->data() - archive.data()) % 64, 0) << name;
}

TEST(Zip, ManyRecordsNeedZip64) {
  ZipWriter writer;
  for (int i = 0; i < 70000; ++i)
    writer.add(std::to_string(i), "");
  std::string archive = writer.finish();
  auto reader = ZipReader::open(archive);
  ASSERT_TRUE(bool(reader));
  EXPECT_EQ(reader->names().size(), 70000u);
}

TEST(Zip, DamageIsNoticed) {
  std::string archive = archiveOf({{"a", "content"}});
  archive[archive.find("content")] ^= 1;
  auto reader = ZipReader::open(archive);
  ASSERT_TRUE(bool(reader));
  EXPECT_NE(messageOf(reader->read("a").takeError()).find("record \"a\": is damaged"),
            std::string::npos);
}

TEST(Zip, RefusesTwoRecordsOfOneName) {
  std::string archive = archiveOf({{"a", "1"}, {"a", "2"}});
  EXPECT_EQ(messageOf(ZipReader::open(archive).takeError()),
            "record \"a\" is in the archive twice");
}

TEST(Zip, RefusesWhatIsNoArchive) {
  EXPECT_NE(messageOf(ZipReader::open("PK\x03\x04").takeError()).find("end record"),
            std::string::npos);
}

} // namespace
