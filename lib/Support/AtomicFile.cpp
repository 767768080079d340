//===- AtomicFile.cpp -----------------------------------------------------===//

#include "tez/Support/AtomicFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

using namespace llvm;
using namespace tez;

static Error systemError(StringRef path, StringRef action) {
  int code = errno;
  return createStringError(std::error_code(code, std::generic_category()),
                           path + ": cannot " + action + ": " + std::strerror(code));
}

static bool writeAll(int fd, StringRef content) {
  while (!content.empty()) {
    ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    content = content.drop_front(size_t(written));
  }
  return true;
}

static mode_t defaultMode() {
  mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

static void syncFolder(StringRef path) {
  SmallString<256> folder(path);
  sys::path::remove_filename(folder);
  int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  ::fsync(fd);
  ::close(fd);
}

//===----------------------------------------------------------------------===//
// Where to
//===----------------------------------------------------------------------===//

/// A link of /proc, such as /dev/stdout leads to, names an open file: one put
/// in its place would not be what the holder reads or writes.
static bool isOfProc(const std::string &link) {
  struct statfs system;
  int fd = ::open(link.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  bool found = fd >= 0 && ::fstatfs(fd, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
  if (fd >= 0)
    ::close(fd);
  return found;
}

/// What the link says, from the link's folder.
static std::string targetOf(const std::string &link) {
  char text[4096];
  ssize_t length = ::readlink(link.c_str(), text, sizeof(text));
  SmallString<256> target(StringRef(text, size_t(std::max<ssize_t>(length, 0))));
  if (sys::path::is_absolute(target))
    return target.str().str();
  SmallString<256> from(link);
  sys::path::remove_filename(from);
  sys::path::append(from, target);
  return from.str().str();
}

/// The path behind all links, whether there is a file or not.
static Expected<std::string> destinationOf(StringRef path) {
  std::string place = path.str();
  struct stat found;
  for (int links = 0; ::lstat(place.c_str(), &found) == 0; ++links) {
    bool isLink = S_ISLNK(found.st_mode);
    if (S_ISREG(found.st_mode))
      return place;
    if (!isLink || isOfProc(place))
      return createStringError(path + ": is not a regular file");
    if (links == 40)
      return errno = ELOOP, systemError(path, "follow the link");
    place = targetOf(place);
  }
  return place;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {
/// A file that may not grow further is an error of write() like a full disk,
/// not the end of the process.
struct WithoutSizeSignal {
  WithoutSizeSignal() {
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGXFSZ, &ignore, &before);
  }
  ~WithoutSizeSignal() { ::sigaction(SIGXFSZ, &before, nullptr); }
  struct sigaction before;
};
} // namespace

/// The file is on disk, or errno tells why not. Closes `fd`.
static bool fill(int fd, StringRef content) {
  WithoutSizeSignal quiet;
  bool written = writeAll(fd, content) && ::fchmod(fd, defaultMode()) == 0 && ::fsync(fd) == 0;
  int code = errno;
  bool closed = ::close(fd) == 0;
  if (!written)
    errno = code;
  return written && closed;
}

Expected<PendingFile> PendingFile::write(StringRef path, StringRef content) {
  Expected<std::string> destination = destinationOf(path);
  if (!destination)
    return destination.takeError();
  std::string temporary = *destination + ".XXXXXX";
  int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0)
    return systemError(path, "create the file");
  PendingFile file;
  file.path = path.str();
  file.destination = std::move(*destination);
  file.temporary = std::move(temporary);
  sys::RemoveFileOnSignal(file.temporary);
  if (!fill(fd, content))
    return systemError(path, "write the file");
  return file;
}

void PendingFile::discard() {
  if (temporary.empty())
    return;
  ::unlink(temporary.c_str());
  sys::DontRemoveFileOnSignal(std::exchange(temporary, {}));
}

Error PendingFile::commit() {
  if (::rename(temporary.c_str(), destination.c_str()))
    return systemError(path, "rename into place");
  sys::DontRemoveFileOnSignal(std::exchange(temporary, {}));
  syncFolder(destination);
  return Error::success();
}

Error tez::writeFileAtomically(StringRef path, StringRef content) {
  Expected<PendingFile> file = PendingFile::write(path, content);
  return file ? file->commit() : file.takeError();
}
