//===- Portfolio.h - tez compile --portfolio --------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_PORTFOLIO_H
#define TEZ_TOOLS_TEZ_PORTFOLIO_H

#include "CompileArguments.h"
#include "tez/Pipeline/Portfolio.h"

namespace tez::tool {

/// "all" or names between commas, as members in their order. An error for what
/// is no member, is named twice or not for this target.
llvm::Expected<std::vector<Member>> parsePortfolio(llvm::StringRef list, llvm::StringRef target);

/// Compiles the members one after the other and writes them with their index to
/// `folder`, which is made. A member of reduced precision that does not pass
/// validation, or has nothing of it, is left out; when any other
/// fails, nothing is written and what was there before stays.
Outcome writePortfolio(const json::Source &source, const CompileArguments &arguments,
                       const std::vector<Member> &members, const std::string &folder);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_PORTFOLIO_H
