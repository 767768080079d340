//===- json.cpp - Fuzzes the JSON reader and its places -------------------===//
//
// Whatever the bytes are: no crash, a refusal says why, its report is itself
// readable JSON, and in an accepted text every value is found at its own place.
//
//===----------------------------------------------------------------------===//

#include "tez/Json/Document.h"
#include "tez/Json/Fields.h"
#include "tez/Json/Text.h"

#include <cstdlib>

using namespace tez::json;

static void require(bool condition) {
  if (!condition)
    abort();
}

static void checkRendering(const Source &source, const Diagnostic &diagnostic) {
  require(!diagnostic.message.empty() && diagnostic.line > 0 && diagnostic.column > 0);
  require(source.offset({diagnostic.line, diagnostic.column}) <= source.text().size());
  require(renderText(source, diagnostic).size() < 4000);
  Source rendered("json", renderJson("fuzz", diagnostic));
  DiagnosticList none;
  require(Document::parse(rendered, none) != nullptr);
}

/// Reads an object as an importer would, with names that a corpus can hit.
static void readFields(const Object &object, DiagnosticSink &sink) {
  Fields f(object, sink, object.size() % 2 ? Nulls::Refused : Nulls::MeanAbsent);
  f.integer("a", kLayerSize);
  f.numberOr("b", 0.5, kProbability);
  f.oneOf("c", {"relu", "gelu"}, "relu");
  f.integerOrListOr("d", 2, 1);
  f.optionalString("e", {.min = 1, .max = 4, .trim = true});
  f.childOrEmpty("f").boolean("g");
  f.refuse("h", "not here");
  require(!f.finish() || f.ok());
}

static void walk(const Value &value, DiagnosticSink &sink) {
  require(value.document().valueAt(value.span().begin) == value);
  require(value.document().valueAt(value.keySpan().begin) == value);
  require(value.path().empty() == !value.parent().has_value());
  readIntegers(value, sink);
  readNumber(value, sink);
  if (std::optional<Array> array = value.array())
    for (Value element : *array)
      walk(element, sink);
  if (std::optional<Object> object = value.object()) {
    readFields(*object, sink);
    for (Member member : *object) {
      require(object->find(member.key) == member.value);
      walk(member.value, sink);
    }
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Source source("fuzz", std::string(reinterpret_cast<const char *>(data), size));
  DiagnosticList sink;
  std::unique_ptr<Document> document = Document::parse(source, sink, {.maxDepth = 16});
  require((document == nullptr) == (sink.errorCount() == 1));
  if (document)
    walk(document->root(), sink);
  for (const Diagnostic &diagnostic : sink.all())
    checkRendering(source, diagnostic);
  return 0;
}
