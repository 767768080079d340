//===- Image.cpp - One object, linked flat --------------------------------===//

#include "Codegen.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace llvm::object;
using namespace tez;

namespace {
class Linker {
public:
  explicit Linker(const ELFObjectFileBase &object) : object(object) {}

  Error place();
  Error relocate();
  Expected<uint64_t> addressOf(StringRef symbol) const;
  native::Image image;

private:
  Error placeSection(const ELFSectionRef &section);
  Error apply(const SectionRef &section, uint64_t base, const ELFRelocationRef &relocation);
  Expected<uint64_t> addressOf(const SymbolRef &symbol) const;

  const ELFObjectFileBase &object;
  DenseMap<uint64_t, uint64_t> places; ///< of sections, by index
};
} // namespace

/// Sections that a running program has; none may be written.
Error Linker::placeSection(const ELFSectionRef &section) {
  if (!(section.getFlags() & ELF::SHF_ALLOC) || section.getSize() == 0)
    return Error::success();
  Expected<StringRef> name = section.getName();
  Expected<StringRef> content = section.getContents();
  if (!name || !content)
    return joinErrors(name.takeError(), content.takeError());
  if (*name == ".eh_frame" || section.getType() == ELF::SHT_NOTE)
    return Error::success();
  if (section.getFlags() & ELF::SHF_WRITE || section.isBSS())
    return createStringError("machine code with a section that can be written: " + *name);
  image.bytes.resize(alignTo(image.bytes.size(), section.getAlignment()), '\0');
  places[section.getIndex()] = image.bytes.size();
  image.bytes += *content;
  return Error::success();
}

Error Linker::place() {
  for (const SectionRef &section : object.sections())
    if (Error error = placeSection(section))
      return error;
  return Error::success();
}

Expected<uint64_t> Linker::addressOf(const SymbolRef &symbol) const {
  Expected<StringRef> name = symbol.getName();
  Expected<section_iterator> section = symbol.getSection();
  Expected<uint64_t> value = symbol.getValue();
  if (!name || !section || !value)
    return joinErrors(joinErrors(name.takeError(), section.takeError()), value.takeError());
  auto place =
      *section == object.section_end() ? places.end() : places.find((*section)->getIndex());
  if (place == places.end())
    return createStringError("machine code that needs a library: " + *name);
  return place->second + *value;
}

Expected<uint64_t> Linker::addressOf(StringRef wanted) const {
  for (const SymbolRef &symbol : object.symbols()) {
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*name == wanted)
      return addressOf(symbol);
  }
  return createStringError("machine code without " + wanted);
}

static Error outOfRange() {
  return createStringError("machine code too large for its own addresses");
}

/// Differences of addresses: the System V ABI's supplement for AMD64, table 4.9.
static Error applyX86(uint32_t type, char *place, uint64_t difference) {
  if (type != ELF::R_X86_64_PC32 && type != ELF::R_X86_64_PLT32)
    return createStringError("machine code with a relocation of type " + Twine(type));
  if (!isInt<32>(int64_t(difference)))
    return outOfRange();
  support::endian::write32le(place, uint32_t(difference));
  return Error::success();
}

static void patch(char *place, uint32_t mask, uint32_t value) {
  uint32_t old = support::endian::read32le(place);
  support::endian::write32le(place, (old & ~mask) | (value & mask));
}

/// ELF for the Arm 64-bit architecture, section 5.7; `target` and `from` are addresses in an
/// image that begins at a page.
static Error applyArm(uint32_t type, char *place, uint64_t target, uint64_t from) {
  int64_t difference = int64_t(target - from), pages = int64_t(target >> 12) - int64_t(from >> 12);
  unsigned scale = 0;
  switch (type) {
  case ELF::R_AARCH64_CALL26:
  case ELF::R_AARCH64_JUMP26:
    patch(place, 0x03ffffff, uint32_t(difference >> 2));
    return isInt<28>(difference) ? Error::success() : outOfRange();
  case ELF::R_AARCH64_ADR_PREL_PG_HI21:
    patch(place, 0x60ffffe0, uint32_t((pages & 3) << 29 | ((pages >> 2) & 0x7ffff) << 5));
    return isInt<21>(pages) ? Error::success() : outOfRange();
  case ELF::R_AARCH64_PREL32:
    support::endian::write32le(place, uint32_t(difference));
    return Error::success();
  case ELF::R_AARCH64_ADD_ABS_LO12_NC:
    break;
  case ELF::R_AARCH64_LDST32_ABS_LO12_NC:
    scale = 2;
    break;
  case ELF::R_AARCH64_LDST64_ABS_LO12_NC:
    scale = 3;
    break;
  case ELF::R_AARCH64_LDST128_ABS_LO12_NC:
    scale = 4;
    break;
  default:
    return createStringError("machine code with a relocation of type " + Twine(type));
  }
  patch(place, 0x003ffc00, uint32_t((target & 0xfff) >> scale << 10));
  return Error::success();
}

Error Linker::apply(const SectionRef &section, uint64_t base, const ELFRelocationRef &relocation) {
  Expected<uint64_t> target = addressOf(*relocation.getSymbol());
  Expected<int64_t> addend = relocation.getAddend();
  if (!target || !addend)
    return joinErrors(target.takeError(), addend.takeError());
  uint64_t from = base + relocation.getOffset(), to = *target + *addend;
  if (from + 4 > image.bytes.size())
    return createStringError("machine code with a relocation outside of it");
  char *place = image.bytes.data() + from;
  if (object.getEMachine() == ELF::EM_X86_64)
    return applyX86(relocation.getType(), place, to - from);
  return applyArm(relocation.getType(), place, to, from);
}

Error Linker::relocate() {
  for (const SectionRef &section : object.sections()) {
    Expected<section_iterator> relocated = section.getRelocatedSection();
    if (!relocated)
      return relocated.takeError();
    if (*relocated == object.section_end() || !places.contains((*relocated)->getIndex()))
      continue;
    for (const RelocationRef &relocation : section.relocations())
      if (Error error = apply(**relocated, places.lookup((*relocated)->getIndex()), relocation))
        return error;
  }
  return Error::success();
}

Expected<native::Image> native::linkImage(MemoryBufferRef bytes, StringRef entry) {
  Expected<std::unique_ptr<ObjectFile>> object = ObjectFile::createELFObjectFile(bytes);
  if (!object)
    return object.takeError();
  Linker linker(cast<ELFObjectFileBase>(**object));
  if (Error error = linker.place())
    return error;
  if (Error error = linker.relocate())
    return error;
  Expected<uint64_t> address = linker.addressOf(entry);
  if (!address)
    return address.takeError();
  linker.image.entry = *address;
  return std::move(linker.image);
}
