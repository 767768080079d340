//===- Report.h - The report beside a kernel file ---------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REPORT_H
#define TEZ_TOOLS_TEZ_REPORT_H

#include "tez/Pipeline/Compiler.h"

namespace tez::tool {

/// The report of one compilation, in the form that its path asks for.
///
/// .html, .htm: a page for people, also on what could not be compiled. Any other: JSON
/// with blueprint, kernel file, options, verdicts, rewrites and passes if they were
/// counted, and milliseconds by phase.
struct Report {
  std::string path; ///< empty: none is wanted

  /// `options`, with what the page shows besides.
  CompileOptions observed(CompileOptions options) const;
  /// Is there a report on what ended so.
  bool covers(Outcome outcome) const;
  std::string render(const json::Source &source, const std::string &target,
                     const CompileOptions &options, const CompileResult &result,
                     const std::vector<json::Diagnostic> &findings) const;

private:
  bool isPage() const;
};

/// The list of rewrites and the table of passes, as the options ask, on stderr.
void printObservations(const json::Source &source, const CompileOptions &options,
                       const CompileResult &result);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REPORT_H
