//===- Embedded.cpp -------------------------------------------------------===//

#include "tez/Service/Embedded.h"
#include <cassert>

using namespace tez::service;

static constexpr EmbeddedFile files[] = {
#include "tez/Service/Embedded.inc"
};

std::span<const EmbeddedFile> tez::service::embeddedFiles() { return files; }

std::string_view tez::service::embeddedText(std::string_view name) {
  for (const EmbeddedFile &file : files)
    if (file.name == name)
      return file.text;
  assert(false && "not among the files of lib/Service/CMakeLists.txt");
  return {};
}
