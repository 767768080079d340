//===- Portfolio.cpp - Several kernels of one blueprint -------------------===//

#include "tez/Pipeline/Portfolio.h"
#include "tez/Artifact/Archive.h"
#include "tez/Support/ZipReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tez;

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

namespace {
struct Kind {
  StringRef name;
  Purpose purpose;
  Precision precision;
};
} // namespace

static const Kind &kindOf(Member member) {
  static constexpr Kind kinds[] = {{"train", Purpose::Train, Precision::Fp32},
                                   {"infer", Purpose::Infer, Precision::Fp32},
                                   {"bf16", Purpose::Infer, Precision::Bf16},
                                   {"fp16", Purpose::Infer, Precision::Fp16},
                                   {"int8", Purpose::Infer, Precision::Int8}};
  return kinds[size_t(member)];
}

StringRef tez::name(Member member) { return kindOf(member).name; }
Purpose tez::purposeOf(Member member) { return kindOf(member).purpose; }
Precision tez::precisionOf(Member member) { return kindOf(member).precision; }
std::string tez::fileOf(Member member) { return (name(member) + ".pt").str(); }

std::optional<Member> tez::parseMember(StringRef text) {
  const auto *found = find_if(allMembers, [&](Member member) { return name(member) == text; });
  return found == std::end(allMembers) ? std::nullopt : std::optional(*found);
}

const PortfolioEntry *Portfolio::lookup(Member member) const {
  auto found = find_if(members, [&](const auto &entry) { return entry.member == member; });
  return found == members.end() ? nullptr : &*found;
}

//===----------------------------------------------------------------------===//
// What is known of a kernel
//===----------------------------------------------------------------------===//

/// Packed weights are no buffers to torch, so the file's records are counted:
/// tensors lie in the folders data and constants, and nothing else does.
static Expected<int64_t> countTensorBytes(StringRef file) {
  Expected<ZipReader> archive = ZipReader::open(file);
  if (!archive)
    return archive.takeError();
  int64_t bytes = 0;
  for (const std::string &path : archive->names()) {
    StringRef folder = StringRef(path).split('/').second.split('/').first;
    if (folder != "data" && folder != "constants")
      continue;
    Expected<StringRef> content = archive->read(path);
    if (!content)
      return content.takeError();
    bytes += int64_t(content->size());
  }
  return bytes;
}

Expected<PortfolioEntry> tez::describeMember(Member member, const CompileResult &result) {
  PortfolioEntry entry;
  entry.member = member;
  Expected<int64_t> parameterBytes = countTensorBytes(result.bytes);
  if (!parameterBytes)
    return parameterBytes.takeError();
  entry.parameterBytes = *parameterBytes;
  entry.bytes = result.bytes.size();
  entry.sha256 = sha256(result.bytes);
  if (precisionOf(member) == Precision::Fp32)
    entry.drop = 0;
  for (const Verdict &verdict : result.verdicts)
    if (verdict.check == "outputs") {
      entry.worstError = verdict.worstError;
      entry.drop = verdict.drop;
    }
  return entry;
}

//===----------------------------------------------------------------------===//
// The rule
//===----------------------------------------------------------------------===//

/// At the batch nearest to `batch`, the smaller of two; none if nothing is measured.
static std::optional<double> millisecondsAt(const PortfolioEntry &entry, int64_t batch) {
  std::optional<double> found;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (auto [measured, milliseconds] : entry.milliseconds)
    if (int64_t distance = std::abs(measured - batch); distance < least) {
      least = distance;
      found = milliseconds;
    }
  return found;
}

static Error noneFits(const Portfolio &portfolio, const Wish &wish) {
  std::string text;
  raw_string_ostream stream(text);
  stream << "no kernel of this portfolio is for inference with a drop of at most "
         << format("%.6g", wish.maxDrop);
  for (const PortfolioEntry &entry : portfolio.members) {
    if (purposeOf(entry.member) == Purpose::Train)
      continue;
    stream << "; the drop of " << name(entry.member) << " is ";
    entry.drop ? stream << format("%.6g", *entry.drop) : stream << "unknown";
  }
  return createStringError(text);
}

static Expected<const PortfolioEntry *> chooseForTraining(const Portfolio &portfolio) {
  if (const PortfolioEntry *entry = portfolio.lookup(Member::Train))
    return entry;
  return createStringError("this portfolio has no kernel for training, " + fileOf(Member::Train));
}

Expected<const PortfolioEntry *> tez::choose(const Portfolio &portfolio, const Wish &wish) {
  if (wish.purpose == Purpose::Train)
    return chooseForTraining(portfolio);
  SmallVector<const PortfolioEntry *> fitting;
  for (Member member : portfolio.order)
    if (const PortfolioEntry *entry = portfolio.lookup(member);
        entry && entry->drop && *entry->drop <= wish.maxDrop)
      fitting.push_back(entry);
  if (fitting.empty())
    return noneFits(portfolio, wish);
  auto time = [&](const PortfolioEntry *entry) { return millisecondsAt(*entry, wish.batch); };
  if (!all_of(fitting, [&](const PortfolioEntry *entry) { return time(entry).has_value(); }))
    return fitting.front();
  return *min_element(fitting, [&](const PortfolioEntry *a, const PortfolioEntry *b) {
    return *time(a) < *time(b);
  });
}
