//===- ReportPage.h - A compilation as a report for people ------*- C++ -*-===//

#ifndef TEZ_PIPELINE_REPORTPAGE_H
#define TEZ_PIPELINE_REPORTPAGE_H

#include "tez/Pipeline/Compiler.h"
#include "tez/Report/Page.h"

namespace tez {

/// Of a compilation with CompileOptions::depict, also of one that failed. `target` is
/// the kernel file.
report::Page makePage(const json::Source &source, const std::string &target,
                      const CompileOptions &options, const CompileResult &result,
                      const std::vector<json::Diagnostic> &findings);

} // namespace tez

#endif // TEZ_PIPELINE_REPORTPAGE_H
