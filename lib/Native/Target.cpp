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
  std::vector<int64_t> tiles;
};
} // namespace

/// A tile of r rows and p panels keeps r * p * width sums in registers, p * width numbers of
/// the weights, and one of the input; the sums must be enough to hide the latency of
/// the multiply-add (4 cycles, two a cycle on all of these).
static const std::vector<Family> &families() {
  static const std::vector<Family> table = {
      // 16 registers of 8 numbers
      {"x86-64-v3", "x86_64-unknown-linux-gnu", 16, 256, {6, 1, 5, 1, 4, 1, 3, 2, 2, 2, 1, 4}},
      // 32 registers of 16 numbers
      {"x86-64-v4",
       "x86_64-unknown-linux-gnu",
       32,
       192,
       {12, 1, 8, 1, 6, 2, 4, 2, 3, 2, 2, 4, 1, 4}},
      // 32 registers of 4 numbers
      {"armv8-a", "aarch64-unknown-linux-gnu", 8, 512, {8, 1, 6, 1, 4, 2, 3, 2, 2, 4, 1, 4}},
  };
  return table;
}

/// The names a user may give, and the level of their instruction set.
static const std::vector<std::pair<StringLiteral, StringLiteral>> &processors() {
  static const std::vector<std::pair<StringLiteral, StringLiteral>> table = {
      {"x86-64-v3", "x86-64-v3"},      {"x86-64-v4", "x86-64-v4"},
      {"haswell", "x86-64-v3"},        {"skylake-avx512", "x86-64-v4"},
      {"icelake-server", "x86-64-v4"}, {"sapphirerapids", "x86-64-v4"},
      {"znver2", "x86-64-v3"},         {"znver3", "x86-64-v3"},
      {"znver4", "x86-64-v4"},         {"znver5", "x86-64-v4"},
      {"armv8-a", "armv8-a"},          {"neoverse-n1", "armv8-a"},
      {"neoverse-v1", "armv8-a"},      {"neoverse-v2", "armv8-a"}};
  return table;
}

/// The level of the instruction set that this machine has. Not its name: a virtual machine may
/// hide what the processor of that name has.
static StringRef hostLevel() {
#ifdef __x86_64__
  StringMap<bool> features = sys::getHostCPUFeatures();
  if (features.lookup("avx512f") && features.lookup("avx512vl") && features.lookup("avx512bw") &&
      features.lookup("avx512dq"))
    return "x86-64-v4";
  return features.lookup("avx2") && features.lookup("fma") ? "x86-64-v3" : "";
#else
  return "armv8-a";
#endif
}

static Error unknown(StringRef name) {
  SmallVector<StringRef> names{"native"};
  for (const auto &row : processors())
    names.push_back(row.first);
  return createStringError("there is no processor \"" + name + "\"; known are " +
                           join(names, ", "));
}

Expected<Target> tez::native::findTarget(StringRef name) {
  StringRef wanted = name == "native" ? hostLevel() : name;
  if (wanted.empty())
    return createStringError("this processor has no AVX2 and FMA: there is no machine code for it");
  for (const auto &[known, level] : processors())
    for (const Family &family : families())
      if (known == wanted && family.level == level)
        return Target{known.str(),  level.str(), family.triple.str(), family.width, family.depth,
                      family.tiles, {}};
  return unknown(name);
}
