//===- BuildId.cpp - Which build of the compiler this is ------------------===//

#include "BuildId.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <elf.h>
#include <link.h>
#include <set>

using llvm::StringRef;

/// The descriptor of the build id's note; empty when there is none.
static StringRef buildIdIn(StringRef notes) {
  auto padded = [](size_t size) { return (size + 3) / 4 * 4; };
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes.data(), sizeof header);
    StringRef rest = notes.drop_front(sizeof header);
    if (header.n_type == NT_GNU_BUILD_ID && rest.starts_with(StringRef("GNU\0", 4)))
      return rest.drop_front(padded(header.n_namesz)).take_front(header.n_descsz);
    size_t size = padded(header.n_namesz) + padded(header.n_descsz);
    notes = rest.drop_front(std::min(size, rest.size()));
  }
  return {};
}

static int addBuildId(dl_phdr_info *library, size_t, void *ids) {
  if (!llvm::sys::path::filename(library->dlpi_name).starts_with("libTez"))
    return 0;
  for (ElfW(Half) i = 0; i < library->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    StringRef id = buildIdIn(
        {reinterpret_cast<const char *>(library->dlpi_addr + segment.p_vaddr), segment.p_memsz});
    if (!id.empty())
      static_cast<std::set<std::string> *>(ids)->insert(llvm::toHex(id, /*LowerCase=*/true));
  }
  return 0;
}

std::string tez::buildId() {
  std::set<std::string> ids; // sorted: libraries may be loaded in any order
  ::dl_iterate_phdr(addBuildId, &ids);
  return llvm::join(ids, "+");
}
