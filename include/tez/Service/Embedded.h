//===- Embedded.h - Files that the program carries in itself ----*- C++ -*-===//

#ifndef TEZ_SERVICE_EMBEDDED_H
#define TEZ_SERVICE_EMBEDDED_H

#include <span>
#include <string_view>

namespace tez::service {

/// A file of lib/Service, by its name below that folder.
struct EmbeddedFile {
  std::string_view name, text;
};

/// All of them, sorted by name.
std::span<const EmbeddedFile> embeddedFiles();

/// The text of one that must be there.
std::string_view embeddedText(std::string_view name);

} // namespace tez::service

#endif // TEZ_SERVICE_EMBEDDED_H
