//===- Report.h - The report beside a kernel file ---------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REPORT_H
#define TEZ_TOOLS_TEZ_REPORT_H

#include "tez/Pipeline/Compiler.h"

namespace tez::tool {

/// JSON: blueprint, kernel file, options, verdicts, milliseconds by phase.
std::string renderReport(const json::Source &source, const std::string &target,
                         const CompileOptions &options, const CompileResult &result);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REPORT_H
