//===- Target.cpp ---------------------------------------------------------===//

#include "tez/Native/Target.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
using namespace tez::native;

namespace {
/// Processors with the same registers and instructions.
struct Family {
  StringLiteral level, triple;
  int64_t width, depth;
  std::vector<int64_t> tiles, productTiles, narrowTiles;
};

/// A name that a user may give, and the levels of its code in fp32 and of fewer bits.
struct Processor {
  StringLiteral name, level, narrowLevel;
};
} // namespace

static constexpr StringLiteral linuxX86 = "x86_64-unknown-linux-gnu",
                               linuxArm = "aarch64-unknown-linux-gnu";
static constexpr StringLiteral v3 = "x86-64-v3", v4 = "x86-64-v4", armv8 = "armv8-a";
static constexpr StringLiteral v4Integers = "x86-64-v4+avx512vnni";
static constexpr StringLiteral v4Dots = "x86-64-v4+avx512vnni+avx512bf16";
static constexpr StringLiteral armDots = "armv8-a+i8mm+bf16";

/// A tile of r rows and p panels keeps r * p * width sums in registers, p * width numbers of
/// the weights, and one of the input; the sums must be enough to hide the latency of
/// the multiply-add (4 cycles, two a cycle on all of these). Narrow factors are taken apart in
/// registers where no instruction does it. Depths, and the products of x86-64-v4, are what was
/// measured on such machines: there eight rows are enough, and pieces saved nothing (Sapphire
/// Rapids); below 1,024 terms there are none, and above caches of eight ways would have no room for
/// eight long rows.
static const std::vector<Family> &families() {
  static const std::vector<int64_t> ofV3 = {6, 1, 5, 1, 4, 1, 3, 2, 2, 2, 1, 4};
  static const std::vector<int64_t> ofV4 = {12, 1, 8, 1, 6, 2, 4, 2, 3, 2, 2, 4, 1, 4};
  static const std::vector<int64_t> fewOfV4 = {8, 1, 4, 2, 2, 4, 1, 4};
  static const std::vector<int64_t> ofArm = {8, 1, 6, 1, 4, 2, 3, 2, 2, 4, 1, 4};
  static const std::vector<Family> table = {
      // 16 registers of 8 numbers
      {v3, linuxX86, 16, 256, ofV3, ofV3, {4, 1, 3, 1, 2, 1, 1, 4}},
      // 32 registers of 16 numbers
      {v4, linuxX86, 32, 512, ofV4, fewOfV4, ofV4},
      {v4Integers, linuxX86, 32, 512, ofV4, fewOfV4, ofV4},
      {v4Dots, linuxX86, 32, 512, ofV4, fewOfV4, ofV4},
      // 32 registers of 4 numbers
      {armv8, linuxArm, 8, 512, ofArm, ofArm, ofArm},
      {armDots, linuxArm, 8, 512, ofArm, ofArm, ofArm},
  };
  return table;
}

static const std::vector<Processor> &processors() {
  static const std::vector<Processor> table = {
      {v3, v3, v3},
      {v4, v4, v4},
      {"haswell", v3, v3},
      {"skylake-avx512", v4, v4},
      {"icelake-server", v4, v4Integers},
      {"sapphirerapids", v4, v4Integers}, // dots of bf16 take four times as long as an fma there
      {"znver2", v3, v3},
      {"znver3", v3, v3},
      {"znver4", v4, v4Dots},
      {"znver5", v4, v4Dots},
      {armv8, armv8, armv8},
      {"neoverse-n1", armv8, armv8},
      {"neoverse-v1", armv8, armDots},
      {"neoverse-v2", armv8, armDots},
      {v4Integers, v4Integers, v4Integers},
      {v4Dots, v4Dots, v4Dots},
      {armDots, armDots, armDots}};
  return table;
}

/// What the psABI's level takes of a processor.
static std::optional<std::vector<StringRef>> featuresOf(StringRef base) {
  if (base == v3)
    return std::vector<StringRef>{"avx2", "fma"};
  if (base == v4)
    return std::vector<StringRef>{"avx512f", "avx512vl", "avx512bw", "avx512dq"};
  if (base == armv8)
    return std::vector<StringRef>{};
  return std::nullopt;
}

static StringRef hostTriple() {
#ifdef __x86_64__
  return linuxX86;
#else
  return linuxArm;
#endif
}

/// Not by the processor's name: a virtual machine may hide what the processor of that name has.
bool tez::native::runsHere(StringRef level) {
  SmallVector<StringRef> parts;
  level.split(parts, '+');
  std::optional<std::vector<StringRef>> base = featuresOf(parts[0]);
  bool known = base && any_of(families(), [&](const Family &family) {
                 return family.level == level && family.triple == hostTriple();
               });
  if (!known)
    return false;
  StringMap<bool> features = sys::getHostCPUFeatures();
  auto has = [&](StringRef feature) { return features.lookup(feature); };
  return all_of(*base, has) && all_of(ArrayRef(parts).drop_front(), has);
}

/// The best that this machine has; levels with features serve code of fewer bits alone. Processors
/// with AMX are those whose dots of bf16 are slow (sapphirerapids and later ones of its make).
static StringRef hostLevel(bool narrow) {
  StringRef best;
  bool slowDots = sys::getHostCPUFeatures().lookup("amx-bf16");
  for (const Family &family : families())
    if ((narrow || !family.level.contains('+')) && !(slowDots && family.level == v4Dots) &&
        tez::native::runsHere(family.level))
      best = family.level;
  return best;
}

std::string tez::native::Target::features() const {
  SmallVector<StringRef> parts;
  StringRef(level).split(parts, '+');
  std::string all;
  for (StringRef feature : ArrayRef(parts).drop_front())
    all += (all.empty() ? "+" : ",+") + feature.str();
  return all;
}

bool tez::native::Target::has(StringRef feature) const {
  return is_contained(split(level, '+'), feature);
}

bool tez::native::Target::hasHalfDots() const { return has("avx512bf16") || has("bf16"); }

int64_t tez::native::rankOf(StringRef level) {
  auto found = find_if(families(), [&](const Family &family) { return family.level == level; });
  return found - families().begin();
}

static Error unknown(StringRef name) {
  SmallVector<StringRef> names{"native"};
  for (const Processor &processor : processors())
    if (!processor.name.contains('+'))
      names.push_back(processor.name);
  return createStringError("there is no processor \"" + name + "\"; known are " +
                           join(names, ", "));
}

Expected<Target> tez::native::findTarget(StringRef name, bool narrow) {
  StringRef wanted = name == "native" ? hostLevel(narrow) : name;
  if (wanted.empty())
    return createStringError("this processor has no AVX2 and FMA: there is no machine code for it");
  auto processor = find_if(processors(), [&](const Processor &p) { return p.name == wanted; });
  if (processor == processors().end())
    return unknown(name);
  StringRef level = narrow ? processor->narrowLevel : processor->level;
  auto family = find_if(families(), [&](const Family &f) { return f.level == level; });
  return Target{wanted.str(),         level.str(),         family->triple.str(),
                family->width,        family->depth,       family->tiles,
                family->productTiles, family->narrowTiles, {}};
}
