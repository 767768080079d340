//===- Report.h - The report beside a kernel file ---------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REPORT_H
#define TEZ_TOOLS_TEZ_REPORT_H

#include "tez/Pipeline/Compiler.h"

namespace tez::tool {

/// JSON: blueprint, kernel file, options, verdicts, rewrites and passes
/// if they were counted, milliseconds by phase.
std::string renderReport(const json::Source &source, const std::string &target,
                         const CompileOptions &options, const CompileResult &result);

/// The list of rewrites and the table of passes, as the options ask, on stderr.
void printObservations(const json::Source &source, const CompileOptions &options,
                       const CompileResult &result);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REPORT_H
