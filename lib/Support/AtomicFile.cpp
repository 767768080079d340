//===- AtomicFile.cpp -----------------------------------------------------===//

#include "tez/Support/AtomicFile.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

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

Error tez::writeFileAtomically(StringRef path, StringRef content) {
  std::string temporary = (path + ".XXXXXX").str();
  int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0)
    return systemError(path, "create the file");
  bool keep = false;
  auto cleanup = make_scope_exit([&] {
    if (fd >= 0)
      ::close(fd);
    if (!keep)
      ::unlink(temporary.c_str());
  });
  if (!writeAll(fd, content) || ::fchmod(fd, defaultMode()) || ::fsync(fd))
    return systemError(path, "write the file");
  if (int result = ::close(std::exchange(fd, -1)))
    return (void)result, systemError(path, "close the file");
  if (::rename(temporary.c_str(), std::string(path).c_str()))
    return systemError(path, "rename into place");
  keep = true;
  syncFolder(path);
  return Error::success();
}
