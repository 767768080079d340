//===- Parsed.h - A text, parsed for a test ---------------------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_JSON_PARSED_H
#define TEZ_TEST_UNIT_JSON_PARSED_H

#include "tez/Json/Document.h"

#include <gtest/gtest.h>

namespace tez::json {

/// Parses `text` as the file "t.json" and keeps what was reported.
struct Parsed {
  explicit Parsed(std::string text, const ParseOptions &options = {})
      : source("t.json", std::move(text)), document(Document::parse(source, sink, options)) {}

  /// "line:column path: message (hint)" of one finding, or what is instead.
  std::string finding(size_t index = 0) const {
    if (index >= sink.all().size())
      return "nothing";
    const Diagnostic &found = sink.all()[index];
    std::string hint = found.hint.empty() ? "" : " (" + found.hint + ")";
    return std::to_string(found.line) + ":" + std::to_string(found.column) + " " + found.path +
           ": " + found.message + hint;
  }

  /// The value at a way of keys.
  Value at(std::initializer_list<std::string_view> keys) const {
    Value value = document->root();
    for (std::string_view key : keys)
      value = value.object()->find(key).value();
    return value;
  }

  Object root() const { return document->root().object().value(); }

  Source source;
  DiagnosticList sink;
  std::unique_ptr<Document> document;
};

} // namespace tez::json

#endif // TEZ_TEST_UNIT_JSON_PARSED_H
