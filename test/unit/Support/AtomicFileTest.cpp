//===- AtomicFileTest.cpp -------------------------------------------------===//

#include "tez/Support/AtomicFile.h"
#include "gtest/gtest.h"
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST_F(AtomicFile, FollowsLinks) {
  fs::create_directory(folder / "far");
  ASSERT_EQ(write(folder / "far" / "k.pt", "old"), "");
  fs::create_symlink("far/k.pt", folder / "link");
  fs::create_symlink("link", folder / "second");
  EXPECT_EQ(write(folder / "second", "new"), "");
  EXPECT_EQ(read(folder / "far" / "k.pt"), "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link") && fs::is_symlink(folder / "second"));
  fs::create_symlink("far/none", folder / "dangling");
  EXPECT_EQ(write(folder / "dangling", "made"), "");
  EXPECT_EQ(read(folder / "far" / "none"), "made");
  EXPECT_TRUE(fs::is_symlink(folder / "dangling"));
}

TEST_F(AtomicFile, RefusesLinksInACircle) {
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_NE(write(folder / "a", "x"), "");
  EXPECT_EQ(numFiles(), 2u);
}

TEST_F(AtomicFile, ReplacesNoPipeAndNoOpenFile) {
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_NE(write(folder / "pipe", "x").find("is not a regular file"), std::string::npos);
  EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
  // What /dev/stdout leads to when it goes to a file.
  ASSERT_EQ(write(folder / "log", "old"), "");
  int fd = open((folder / "log").c_str(), O_RDONLY);
  EXPECT_NE(write("/dev/fd/" + std::to_string(fd), "x").find("is not a regular file"),
            std::string::npos);
  close(fd);
  EXPECT_EQ(read(folder / "log"), "old");
}

TEST_F(AtomicFile, PendingContentIsNotThereUntilCommitted) {
  {
    auto file = PendingFile::write((folder / "k.pt").string(), "x");
    ASSERT_TRUE(bool(file));
    EXPECT_FALSE(fs::exists(folder / "k.pt"));
  }
  EXPECT_EQ(numFiles(), 0u);
}

TEST_F(AtomicFile, ASignalRemovesWhatIsPending) {
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) {
    pid_t child = fork();
    if (child == 0) {
      auto file = PendingFile::write((folder / "k.pt").string(), "x");
      raise(signal);
      _exit(file ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
    EXPECT_EQ(numFiles(), 0u);
  }
}
