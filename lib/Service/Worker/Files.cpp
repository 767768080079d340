//===- Files.cpp ----------------------------------------------------------===//

#include "Files.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Retry.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <vector>

using namespace tez;
using worker::Unavailable;
using Path = std::filesystem::path;

[[noreturn]] static void fail(const Path &path, int fault = errno) {
  throw Unavailable(path.string() + ": " + std::strerror(fault));
}

namespace {
struct Descriptor {
  Descriptor(const Path &path, int flags) : path(path), number(::open(path.c_str(), flags, 0644)) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (number >= 0)
      ::close(number);
  }
  void check() const {
    if (number < 0)
      fail(path);
  }
  const Path path;
  const int number;
};
} // namespace

void worker::makeFolder(const Path &path) {
  std::error_code fault;
  std::filesystem::create_directories(path, fault);
  if (fault)
    throw Unavailable(path.string() + ": " + fault.message());
}

void worker::sync(const Path &path) {
  Descriptor file(path, O_RDONLY | O_CLOEXEC);
  file.check();
  if (::fsync(file.number))
    fail(path);
}

void worker::writeFile(const Path &path, const std::string &text) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  file.check();
  for (size_t done = 0; done < text.size();) {
    ssize_t wrote = ::write(file.number, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR)
      fail(path);
    done += size_t(std::max<ssize_t>(wrote, 0));
  }
  if (::fsync(file.number))
    fail(path);
}

void worker::writeFileAtomically(const Path &path, const std::string &text) {
  std::string beside = path.string() + ".XXXXXX";
  int file = ::mkstemp(beside.data());
  if (file < 0)
    fail(path);
  ::close(file);
  try {
    writeFile(beside, text);
    worker::rename(beside, path);
  } catch (...) {
    ::unlink(beside.c_str());
    throw;
  }
  sync(path.parent_path());
}

void worker::rename(const Path &from, const Path &to) {
  if (::rename(from.c_str(), to.c_str()))
    fail(to);
}

std::string worker::readFile(const Path &path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file)
    fail(path);
  return text;
}

std::string worker::checksumOf(const Path &path) {
  Descriptor file(path, O_RDONLY | O_CLOEXEC);
  if (file.number < 0 && errno == ENOENT)
    return "";
  file.check();
  // What was written stays in the cache; what counts is what a reader gets later.
  ::posix_fadvise(file.number, 0, 0, POSIX_FADV_DONTNEED);
  service::Sha256 hash;
  std::vector<char> piece(size_t(1) << 17); // it is filled with zeros first
  ssize_t got = 0;
  while ((got = ::read(file.number, piece.data(), piece.size())) > 0)
    hash.update({piece.data(), size_t(got)});
  if (got < 0)
    fail(path);
  return hash.hex();
}
