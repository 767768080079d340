//===- Portfolio.h - Several kernels of one blueprint -----------*- C++ -*-===//
//
// A portfolio is a folder of kernel files, its members, with an index.json that
// tells what is known of each and by which rule a host chooses.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_PIPELINE_PORTFOLIO_H
#define TEZ_PIPELINE_PORTFOLIO_H

#include "tez/Pipeline/Measure.h"

namespace tez {

/// What a portfolio can hold, in the order of its index.
enum class Member : uint8_t { Train, Infer, Bf16, Fp16, Int8 };
inline constexpr Member allMembers[] = {Member::Train, Member::Infer, Member::Bf16, Member::Fp16,
                                        Member::Int8};

llvm::StringRef name(Member member);
std::optional<Member> parseMember(llvm::StringRef name);
Purpose purposeOf(Member member);
Precision precisionOf(Member member);
/// In the portfolio's folder: a member has no other name.
std::string fileOf(Member member);
inline constexpr llvm::StringRef indexFile = "index.json";

/// What the index says of a member.
struct PortfolioEntry {
  Member member = Member::Train;
  uint64_t bytes = 0;               ///< of the file
  std::string sha256;               ///< of the file, in hexadecimal digits
  int64_t parameterBytes = 0;       ///< of all tensors in the file
  std::optional<double> worstError; ///< of the outputs; none: not validated
  /// rms(error) / rms(result) of the outputs; none: of reduced precision and not
  /// validated.
  std::optional<double> drop;
  Milliseconds milliseconds; ///< empty: not measured
};

/// A member that was asked for and is not there.
struct LeftOut {
  Member member;
  std::string reason;
};

struct Portfolio {
  std::string blueprint, target;
  std::vector<PortfolioEntry> members;
  std::vector<LeftOut> leftOut;
  /// For inference, where nothing is measured and among equals: the first wins.
  std::vector<Member> order = {Member::Int8, Member::Fp16, Member::Bf16, Member::Infer};

  const PortfolioEntry *lookup(Member member) const;
};

/// The entry of a kernel that was compiled, nothing measured.
llvm::Expected<PortfolioEntry> describeMember(Member member, const CompileResult &result);

std::string renderIndex(const Portfolio &portfolio);

/// Reads what renderIndex wrote; refuses all else, with an error at its place.
std::optional<Portfolio> readIndex(const json::Source &source, json::DiagnosticSink &sink);

/// What a host wants a kernel for.
struct Wish {
  Purpose purpose = Purpose::Infer;
  double maxDrop = 0; ///< for inference
  int64_t batch = 1;  ///< for inference
};

/// The chooser's rule, which the index states in words. The error tells what
/// there is instead.
llvm::Expected<const PortfolioEntry *> choose(const Portfolio &portfolio, const Wish &wish);

} // namespace tez

#endif // TEZ_PIPELINE_PORTFOLIO_H
