//===- Diagnostic.cpp - What is wrong, and where --------------------------===//

#include "tez/Json/Diagnostic.h"

using namespace tez::json;

const char *tez::json::name(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  case Severity::Remark:
    return "remark";
  }
  __builtin_unreachable();
}

bool DiagnosticList::wantsMore(Severity severity) const {
  if (severity == Severity::Note)
    return keepsNotes;
  if (severity == Severity::Remark)
    return true; // they are asked for
  return (severity == Severity::Error ? errors : warnings) < limit;
}

void DiagnosticList::report(Diagnostic diagnostic) {
  bool keep = wantsMore(diagnostic.severity);
  errors += diagnostic.severity == Severity::Error;
  warnings += diagnostic.severity == Severity::Warning;
  keepsNotes = keep;
  if (keep)
    kept.push_back(std::move(diagnostic));
}
