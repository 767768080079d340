//===- Files.h - Files that are on disk -------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_FILES_H
#define TEZ_LIB_SERVICE_WORKER_FILES_H

#include <filesystem>
#include <string>

namespace tez::worker {

// All throw Unavailable, naming the path and what the system said.

void makeFolder(const std::filesystem::path &path);
/// Waits until the file, or the names in the folder, are on disk.
void sync(const std::filesystem::path &path);
/// In place; not atomic.
void writeFile(const std::filesystem::path &path, const std::string &text);
/// Beside the place, synced, renamed, and the folder synced.
void writeFileAtomically(const std::filesystem::path &path, const std::string &text);
void rename(const std::filesystem::path &from, const std::filesystem::path &to);
std::string readFile(const std::filesystem::path &path);
/// SHA-256 of what the disk has, piece by piece; "" where there is no file.
std::string checksumOf(const std::filesystem::path &path);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_FILES_H
