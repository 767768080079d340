//===- AtomicFileTest.cpp -------------------------------------------------===//

#include "tez/Support/AtomicFile.h"
#include "gtest/gtest.h"
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>

using namespace tez;
namespace fs = std::filesystem;

namespace {
/// A folder of its own for each test.
class AtomicFile : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tez-atomic-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  static std::string write(const fs::path &path, const std::string &content) {
    llvm::Error error = writeFileAtomically(path.string(), content);
    return error ? llvm::toString(std::move(error)) : "";
  }
  static std::string read(const fs::path &path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  size_t numFiles() const {
    return size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  fs::path folder;
};

/// Files of this process may not grow past `bytes`: a disk that is full.
class FullDisk {
public:
  explicit FullDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit limit{bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before); }

private:
  rlimit before;
};
} // namespace

TEST_F(AtomicFile, WritesAndReplacesWhole) {
  EXPECT_EQ(write(folder / "k.pt", std::string("a\0b", 3)), "");
  EXPECT_EQ(read(folder / "k.pt"), std::string("a\0b", 3));
  EXPECT_EQ(write(folder / "k.pt", ""), "");
  EXPECT_EQ(read(folder / "k.pt"), "");
  EXPECT_EQ(numFiles(), 1u);
}

TEST_F(AtomicFile, KeepsTheOldFileWhereTheDiskIsFull) {
  ASSERT_EQ(write(folder / "k.pt", "old"), "");
  std::string problem;
  {
    FullDisk full(4096);
    problem = write(folder / "k.pt", std::string(1 << 20, 'x'));
  }
  EXPECT_NE(problem.find("k.pt"), std::string::npos) << problem;
  EXPECT_EQ(read(folder / "k.pt"), "old");
  EXPECT_EQ(numFiles(), 1u) << "a temporary file is left";
}

TEST_F(AtomicFile, LeavesNothingWhereNothingWas) {
  {
    FullDisk full(0);
    EXPECT_NE(write(folder / "new.pt", "x"), "");
  }
  EXPECT_EQ(numFiles(), 0u);
}

TEST_F(AtomicFile, NamesTheFolderThatIsMissing) {
  std::string problem = write(folder / "missing" / "k.pt", "x");
  EXPECT_NE(problem.find("missing/k.pt"), std::string::npos) << problem;
}

TEST_F(AtomicFile, DoesNotReplaceAFolder) {
  fs::create_directory(folder / "k.pt");
  EXPECT_NE(write(folder / "k.pt", "x"), "");
  EXPECT_TRUE(fs::is_directory(folder / "k.pt"));
  EXPECT_EQ(numFiles(), 1u);
}
