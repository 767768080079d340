//===- Portfolio.cpp - tez compile --portfolio ----------------------------===//

#include "Portfolio.h"
#include "Report.h"
#include "tez/Artifact/Archive.h"
#include "tez/Json/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <filesystem>
#include <iostream>
#include <set>

using namespace tez;
namespace fs = std::filesystem;

//===----------------------------------------------------------------------===//
// The list of members
//===----------------------------------------------------------------------===//

static llvm::Error refuse(llvm::StringRef list, const std::string &why) {
  return llvm::createStringError("--portfolio=" + list + ": " + why);
}

static llvm::Expected<Member> parseOne(llvm::StringRef list, llvm::StringRef word,
                                       llvm::StringRef target) {
  std::optional<Member> member = parseMember(word);
  if (!member)
    return refuse(list, "expected train, infer, bf16, fp16 or int8, found " + json::quote(word));
  if (member == Member::Int8 && target == "cuda")
    return refuse(list, "int8 is for --target=cpu: torch multiplies 8-bit numbers there only");
  return *member;
}

llvm::Expected<std::vector<Member>> tool::parsePortfolio(llvm::StringRef list,
                                                         llvm::StringRef target) {
  if (list == "all") {
    std::vector<Member> all(std::begin(allMembers), std::end(allMembers));
    if (target == "cuda")
      llvm::erase(all, Member::Int8);
    return all;
  }
  std::vector<Member> members;
  for (llvm::StringRef word : llvm::split(list, ',')) {
    llvm::Expected<Member> member = parseOne(list, word, target);
    if (!member)
      return member.takeError();
    if (llvm::is_contained(members, *member))
      return refuse(list, name(*member).str() + " is named twice");
    members.push_back(*member);
  }
  llvm::sort(members);
  return members;
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

namespace {
class PortfolioCompilation {
public:
  PortfolioCompilation(const json::Source &source, const tool::CompileArguments &arguments,
                       const std::string &folder)
      : source(source), arguments(arguments), folder(folder) {
    index.blueprint = fs::path(source.name()).filename().string();
    index.target = arguments.options.target;
  }

  Outcome add(Member member);
  Outcome measure();
  Outcome write() const;

private:
  CompileOptions optionsFor(Member member) const;
  Outcome keep(Member member, CompileResult &result);
  Outcome fail(Outcome outcome, const std::string &why) const;
  void leaveOut(Member member, const std::vector<json::Diagnostic> &findings);
  void printNew(const std::vector<json::Diagnostic> &findings);
  bool isNoNarrower(const CompileResult &result) const;
  std::string pathOf(llvm::StringRef file) const {
    return (fs::path(folder) / file.str()).string();
  }
  void removeOthers() const;

  const json::Source &source;
  const tool::CompileArguments &arguments;
  const std::string &folder;
  Portfolio index;
  std::vector<std::string> kernels; ///< the bytes of index.members
  std::set<std::string> printed;
};
} // namespace

CompileOptions PortfolioCompilation::optionsFor(Member member) const {
  CompileOptions options = arguments.options;
  options.purpose = purposeOf(member);
  options.precision = precisionOf(member);
  return options;
}

Outcome PortfolioCompilation::fail(Outcome outcome, const std::string &why) const {
  return tool::printError(why + "; " + folder + " stays as it was"), outcome;
}

/// The members find the same in one blueprint: it is said once, with its notes.
void PortfolioCompilation::printNew(const std::vector<json::Diagnostic> &findings) {
  std::vector<json::Diagnostic> fresh;
  bool isNew = false;
  for (const json::Diagnostic &finding : findings) {
    if (finding.severity != json::Severity::Note)
      isNew = printed.insert(renderJson(source.name(), finding)).second;
    if (isNew)
      fresh.push_back(finding);
  }
  arguments.style.print(source, fresh);
}

/// What is wrong with the member is no error of the command.
void PortfolioCompilation::leaveOut(Member member, const std::vector<json::Diagnostic> &findings) {
  std::string reason;
  std::vector<json::Diagnostic> warnings = findings;
  for (json::Diagnostic &finding : warnings) {
    if (finding.severity != json::Severity::Error)
      continue;
    if (reason.empty())
      reason = finding.message;
    finding.severity = json::Severity::Warning;
    finding.message = name(member).str() + " is left out: " + finding.message;
  }
  printNew(warnings);
  index.leftOut.push_back({member, reason});
}

/// A blueprint may have nothing that is worth fewer bits.
bool PortfolioCompilation::isNoNarrower(const CompileResult &result) const {
  if (result.quantization && result.quantization->quantized.empty())
    return true;
  const PortfolioEntry *infer = index.lookup(Member::Infer);
  return infer && isSameKernel(kernels[size_t(infer - index.members.data())], result.bytes);
}

Outcome PortfolioCompilation::keep(Member member, CompileResult &result) {
  if (isNoNarrower(result)) {
    index.leftOut.push_back(
        {member, "nothing in it is " + name(member).str() + ": it computes what infer computes"});
    return Outcome::Done;
  }
  llvm::Expected<PortfolioEntry> entry = describeMember(member, result);
  if (!entry)
    return fail(Outcome::Environment, llvm::toString(entry.takeError()));
  index.members.push_back(std::move(*entry));
  kernels.push_back(std::move(result.bytes));
  return Outcome::Done;
}

Outcome PortfolioCompilation::add(Member member) {
  CompileOptions options = optionsFor(member);
  if (options.rewrites.count || options.statistics || options.timing ||
      !options.printBefore.empty() || !options.printAfter.empty())
    std::cerr << name(member).str() << ":\n"; // whose list it is that follows
  json::DiagnosticList findings;
  CompileResult result = compile(source, options, findings);
  tool::printObservations(source, options, result);
  if (result.outcome == Outcome::Invalid && options.precision != Precision::Fp32)
    return leaveOut(member, findings.all()), Outcome::Done;
  printNew(findings.all());
  if (result.outcome != Outcome::Done)
    return fail(result.outcome, "there is no portfolio without its member " + name(member).str());
  return keep(member, result);
}

/// What one process measures on a CPU tells nothing of a GPU.
Outcome PortfolioCompilation::measure() {
  if (index.target != "cpu")
    return Outcome::Done;
  std::vector<PortfolioEntry *> entries;
  std::vector<llvm::StringRef> files;
  for (auto [entry, bytes] : llvm::zip_equal(index.members, kernels))
    if (purposeOf(entry.member) == Purpose::Infer) {
      entries.push_back(&entry);
      files.push_back(bytes);
    }
  if (files.empty())
    return Outcome::Done;
  auto times = measureCalls(source, arguments.options, files);
  if (!times)
    return fail(Outcome::Environment, llvm::toString(times.takeError()));
  for (auto [entry, time] : llvm::zip_equal(entries, *times))
    entry->milliseconds = time;
  return Outcome::Done;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Members of an older portfolio that the index does not name any more.
void PortfolioCompilation::removeOthers() const {
  std::error_code failed; // what cannot be removed is in nobody's way
  for (Member member : allMembers)
    if (!index.lookup(member))
      fs::remove(pathOf(fileOf(member)), failed);
}

/// The index comes last: until then the old one stands, and a file that it does
/// not describe is found by its hash.
Outcome PortfolioCompilation::write() const {
  if (index.members.empty())
    return fail(Outcome::Invalid, "every member of the portfolio is left out");
  std::error_code failed;
  if (!fs::create_directories(folder, failed) && failed)
    return tool::printError(folder + ": " + failed.message()), Outcome::Environment;
  bool replaces = fs::exists(pathOf(indexFile), failed);
  std::string text = renderIndex(index);
  std::vector<std::pair<std::string, llvm::StringRef>> contents;
  for (auto [entry, bytes] : llvm::zip_equal(index.members, kernels))
    contents.emplace_back(pathOf(fileOf(entry.member)), bytes);
  contents.emplace_back(pathOf(indexFile), text);
  Outcome written = tool::writeTogether(contents);
  if (written == Outcome::Done && replaces)
    removeOthers();
  return written;
}

Outcome tool::writePortfolio(const json::Source &source, const CompileArguments &arguments,
                             const std::vector<Member> &members, const std::string &folder) {
  PortfolioCompilation portfolio(source, arguments, folder);
  for (Member member : members)
    if (Outcome wrong = portfolio.add(member); wrong != Outcome::Done)
      return wrong;
  if (Outcome wrong = portfolio.measure(); wrong != Outcome::Done)
    return wrong;
  return portfolio.write();
}
