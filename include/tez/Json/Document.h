//===- Document.h - A JSON text, parsed, with every place kept --*- C++ -*-===//
//
// The strict reader of RFC 8259: UTF-8 only, no byte order mark, no duplicate
// keys, no NaN, no trailing text, no NUL, no lone surrogates, numbers within
// the range of a double. It does not recurse, takes time linear in the text
// (sorting the keys of an object aside), and 24 bytes for each value or key.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_JSON_DOCUMENT_H
#define TEZ_JSON_DOCUMENT_H

#include "tez/Json/Diagnostic.h"
#include "tez/Json/Source.h"
#include "tez/Json/Value.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tez::json {

class NodeTable;

struct ParseOptions {
  size_t maxBytes = size_t(16) << 20; ///< never more than 4 GiB - 2
  uint32_t maxDepth = 256;            ///< `[[1]]` has depth 2
};

/// Owns the tree of one text. Immutable, so any thread may read it. The
/// `Source` must outlive the document, the document every Value of it.
class Document {
public:
  /// Null when the text was refused; then exactly one error is reported (a note
  /// may follow), which names the field that was open.
  static std::unique_ptr<Document> parse(const Source &source, DiagnosticSink &sink,
                                         const ParseOptions &options = {});
  ~Document();

  const Source &source() const { return text; }
  Value root() const { return Value(*this, 0); }

  /// The innermost value (or the value of the key) at a byte of the text; the
  /// root when the byte is outside of it. Takes a location that comes back
  /// from elsewhere to its field.
  Value valueAt(size_t offset) const;

private:
  friend class Value;
  friend class Array;
  friend class Object;
  Document(const Source &source, std::unique_ptr<NodeTable> nodes);

  const Source &text;
  std::unique_ptr<NodeTable> nodes;
};

} // namespace tez::json

#endif // TEZ_JSON_DOCUMENT_H
