//===- Diagnostic.h - What is wrong, and where ------------------*- C++ -*-===//

#ifndef TEZ_JSON_DIAGNOSTIC_H
#define TEZ_JSON_DIAGNOSTIC_H

#include "tez/Json/Source.h"

#include <string>
#include <vector>

namespace tez::json {

enum class Severity : uint8_t { Error, Warning, Note, Remark };

/// "error", "warning", "note" or "remark".
const char *name(Severity severity);

/// One finding. A note belongs to the finding before it. A remark is no fault:
/// it says what the compiler did.
struct Diagnostic {
  std::string path;    ///< `architecture.config.hidden_sizes[1]`; empty: the whole file
  std::string pointer; ///< the same as a JSON pointer (RFC 6901)
  uint32_t line = 1;   ///< from 1
  uint32_t column = 1; ///< from 1, in bytes
  size_t offset = 0;   ///< of the first byte concerned
  size_t length = 0;   ///< bytes concerned; 0 is a point
  Severity severity = Severity::Error;
  std::string message; ///< what was found and what was expected
  std::string hint;    ///< a remedy, or empty
};

/// Takes findings as they are made. Called from one thread at a time.
class DiagnosticSink {
public:
  virtual ~DiagnosticSink() = default;

  virtual void report(Diagnostic diagnostic) = 0;

  /// False once further findings of this severity are only counted; their path
  /// and pointer may then be left empty.
  virtual bool wantsMore(Severity severity) const { return true; }
};

/// Keeps the first `limit` errors, the first `limit` warnings and all remarks,
/// with their notes, in the order of their arrival; counts all errors.
class DiagnosticList : public DiagnosticSink {
public:
  explicit DiagnosticList(size_t limit = 64) : limit(limit) {}

  void report(Diagnostic diagnostic) override;
  bool wantsMore(Severity severity) const override;

  const std::vector<Diagnostic> &all() const { return kept; }
  size_t errorCount() const { return errors; }

private:
  std::vector<Diagnostic> kept;
  size_t limit;
  size_t errors = 0;
  size_t warnings = 0;
  bool keepsNotes = true; ///< of the finding that came last
};

/// Clang's form, with the source line and a caret, ending in a line break:
///
///   net.json:3:17: error: architecture.config.num_heads: expected ..., found ...
///     "num_heads": "8"
///                  ^~~
///
/// Of a long line only the part around the caret is shown.
std::string renderText(const Source &source, const Diagnostic &diagnostic);

/// One JSON object without a line break: file, line, column, severity, field
/// (JSON pointer), path, message, and hint where there is one.
std::string renderJson(std::string_view file, const Diagnostic &diagnostic);

} // namespace tez::json

#endif // TEZ_JSON_DIAGNOSTIC_H
