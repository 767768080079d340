//===- Report.cpp - Reports at a value ------------------------------------===//

#include "tez/Json/Document.h"
#include "tez/Json/Read.h"
#include "tez/Json/Text.h"

using namespace tez::json;

static void reportSpan(DiagnosticSink &sink, Severity severity, const Value &value, Span span,
                       std::string message, std::string hint) {
  Diagnostic made;
  // The names of a place can be long; a sink that only counts gets none.
  if (sink.wantsMore(severity)) {
    made.path = value.path();
    made.pointer = value.pointer();
  }
  Position position = value.document().source().position(span.begin);
  made.line = position.line;
  made.column = position.column;
  made.offset = span.begin;
  made.length = span.end - span.begin;
  made.severity = severity;
  made.message = std::move(message);
  made.hint = std::move(hint);
  sink.report(std::move(made));
}

void tez::json::report(DiagnosticSink &sink, Severity severity, const Value &value,
                       std::string message, std::string hint) {
  Span span = value.span();
  // Of a container the bracket is enough.
  if (value.isObject() || value.isArray())
    span.end = span.begin + 1;
  reportSpan(sink, severity, value, span, std::move(message), std::move(hint));
}

void tez::json::reportKey(DiagnosticSink &sink, Severity severity, const Value &value,
                          std::string message, std::string hint) {
  reportSpan(sink, severity, value, value.keySpan(), std::move(message), std::move(hint));
}

std::string tez::json::describe(const Value &value) {
  switch (value.kind()) {
  case Kind::Array:
    return value.array()->empty() ? "an empty array" : "an array";
  case Kind::Object:
    return value.object()->empty() ? "an empty object" : "an object";
  case Kind::String:
    return "the string " + quote(abbreviate(*value.string(), 40));
  default:
    return abbreviate(value.source(), 40);
  }
}
