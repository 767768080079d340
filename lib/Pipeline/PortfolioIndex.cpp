//===- PortfolioIndex.cpp - index.json of a portfolio ---------------------===//

#include "tez/Json/Document.h"
#include "tez/Json/Fields.h"
#include "tez/Json/Text.h"
#include "tez/Pipeline/Portfolio.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using llvm::StringRef;
using namespace tez;

static constexpr StringRef formatName = "tez-portfolio";
static constexpr int64_t version = 1;
static constexpr StringRef rule =
    "For training: train. For inference: of the members whose drop is known and at most the "
    "caller's limit (0 unless the caller says otherwise), the one with the least milliseconds at "
    "the measured batch nearest to the caller's; the first in order where one of them is not "
    "measured, and of equals.";

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Six digits: nobody measures more of a time or of an error.
static void writeNumber(llvm::json::OStream &out, StringRef key, std::optional<double> number) {
  if (!number || !std::isfinite(*number))
    return out.attribute(key, nullptr);
  out.attributeBegin(key);
  out.rawValue([&](llvm::raw_ostream &stream) { stream << llvm::format("%.6g", *number); });
  out.attributeEnd();
}

static void writeMilliseconds(llvm::json::OStream &out, const Milliseconds &times) {
  if (times.empty())
    return out.attribute("milliseconds", nullptr);
  out.attributeObject("milliseconds", [&] {
    for (auto [batch, milliseconds] : times)
      writeNumber(out, std::to_string(batch), milliseconds);
  });
}

static void writeMember(llvm::json::OStream &out, const PortfolioEntry &entry) {
  out.object([&] {
    out.attribute("name", name(entry.member));
    out.attribute("file", fileOf(entry.member));
    out.attribute("purpose", name(purposeOf(entry.member)));
    out.attribute("precision", name(precisionOf(entry.member)));
    out.attribute("bytes", int64_t(entry.bytes));
    out.attribute("sha256", entry.sha256);
    out.attribute("parameter_bytes", entry.parameterBytes);
    writeNumber(out, "worst_error", entry.worstError);
    writeNumber(out, "drop", entry.drop);
    writeMilliseconds(out, entry.milliseconds);
  });
}

static void writeRule(llvm::json::OStream &out, const std::vector<Member> &order) {
  out.attributeObject("rule", [&] {
    out.attribute("text", rule);
    out.attributeArray("order", [&] {
      for (Member member : order)
        out.value(name(member));
    });
  });
}

std::string tez::renderIndex(const Portfolio &portfolio) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, /*IndentSize=*/2);
  out.object([&] {
    out.attribute("format", formatName);
    out.attribute("version", version);
    out.attribute("blueprint", llvm::json::fixUTF8(portfolio.blueprint));
    out.attribute("target", portfolio.target);
    out.attributeArray("members", [&] {
      for (const PortfolioEntry &entry : portfolio.members)
        writeMember(out, entry);
    });
    out.attributeArray("left_out", [&] {
      for (const LeftOut &left : portfolio.leftOut)
        out.object([&] {
          out.attribute("name", name(left.member));
          out.attribute("reason", llvm::json::fixUTF8(left.reason));
        });
    });
    writeRule(out, portfolio.order);
  });
  out.flush();
  return text + "\n";
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// Absent and null are the same where the index has null.
class IndexReader {
public:
  explicit IndexReader(json::DiagnosticSink &sink) : sink(sink) {}

  bool read(const json::Value &root);
  Portfolio portfolio;

private:
  using Fields = json::Fields;
  template <typename Read> void readObjects(Fields &from, StringRef key, Read read);
  std::optional<Member> readName(Fields &fields);
  bool readMember(Fields &fields);
  bool readLeftOut(Fields &fields);
  void readHash(Fields &fields, PortfolioEntry &entry);
  void readMilliseconds(Fields &fields, PortfolioEntry &entry);
  void readRule(Fields &fields);

  json::DiagnosticSink &sink;
};
} // namespace

/// `read` each object of a list with its own fields.
template <typename Read> void IndexReader::readObjects(Fields &from, StringRef key, Read read) {
  std::optional<json::Array> list = from.array(key);
  if (!list)
    return;
  for (json::Value element : *list) {
    std::optional<json::Object> object = json::readObject(element, sink);
    if (!object)
      return from.fail(key);
    Fields fields(*object, sink, json::Nulls::MeanAbsent);
    if (!read(fields))
      from.fail(key);
  }
}

std::optional<Member> IndexReader::readName(Fields &fields) {
  auto text = fields.oneOf("name", {"train", "infer", "bf16", "fp16", "int8"});
  return text ? parseMember(*text) : std::nullopt;
}

void IndexReader::readHash(Fields &fields, PortfolioEntry &entry) {
  auto text = fields.string("sha256", {.min = 64, .max = 64});
  if (text && !llvm::all_of(*text, [](char c) { return llvm::isHexDigit(c) && !llvm::isUpper(c); }))
    fields.error("sha256",
                 "expected 64 hexadecimal digits in lower case, found " + json::quote(*text));
  entry.sha256 = text.value_or("");
}

void IndexReader::readMilliseconds(Fields &fields, PortfolioEntry &entry) {
  Fields times = fields.childOrEmpty("milliseconds");
  for (int64_t batch : measuredBatches)
    if (auto milliseconds = times.optionalNumber(std::to_string(batch), {.min = 0}))
      entry.milliseconds[batch] = *milliseconds;
  if (!times.finish())
    fields.fail("milliseconds");
}

/// A file has the one name that its member can have, so none leads elsewhere.
bool IndexReader::readMember(Fields &fields) {
  std::optional<Member> member = readName(fields);
  if (!member)
    return false;
  if (portfolio.lookup(*member))
    fields.error("name",
                 "expected each member once, found " + json::quote(name(*member)) + " again");
  PortfolioEntry entry;
  entry.member = *member;
  fields.oneOf("file", {fileOf(*member)});
  fields.oneOf("purpose", {name(purposeOf(*member))});
  fields.oneOf("precision", {name(precisionOf(*member))});
  entry.bytes = uint64_t(fields.integer("bytes", {.min = 0}).value_or(0));
  readHash(fields, entry);
  entry.parameterBytes = fields.integer("parameter_bytes", {.min = 0}).value_or(0);
  entry.worstError = fields.optionalNumber("worst_error", {.min = 0});
  entry.drop = fields.optionalNumber("drop", {.min = 0});
  readMilliseconds(fields, entry);
  portfolio.members.push_back(std::move(entry));
  return fields.finish();
}

bool IndexReader::readLeftOut(Fields &fields) {
  std::optional<Member> member = readName(fields);
  auto reason = fields.string("reason");
  if (member && reason)
    portfolio.leftOut.push_back({*member, std::string(*reason)});
  return fields.finish();
}

/// The text is for people. The order is data: it decides.
void IndexReader::readRule(Fields &fields) {
  fields.string("text");
  portfolio.order.clear();
  if (auto list = fields.array("order"))
    for (json::Value element : *list) {
      static constexpr std::string_view names[] = {"infer", "bf16", "fp16", "int8"};
      auto text = json::readOneOf(element, sink, names);
      std::optional<Member> member = text ? parseMember(*text) : std::nullopt;
      if (!member)
        return fields.fail("order");
      portfolio.order.push_back(*member);
    }
  for (const PortfolioEntry &entry : portfolio.members)
    if (purposeOf(entry.member) == Purpose::Infer &&
        !llvm::is_contained(portfolio.order, entry.member))
      fields.error("order", "expected every member for inference, found none named " +
                                json::quote(name(entry.member)));
}

bool IndexReader::read(const json::Value &root) {
  std::optional<json::Object> object = json::readObject(root, sink);
  if (!object)
    return false;
  Fields fields(*object, sink, json::Nulls::MeanAbsent);
  fields.oneOf("format", {formatName});
  fields.integer("version", {.min = version, .max = version});
  portfolio.blueprint = fields.string("blueprint").value_or("");
  portfolio.target = fields.oneOf("target", {"cpu", "cuda"}).value_or("");
  readObjects(fields, "members", [&](Fields &member) { return readMember(member); });
  readObjects(fields, "left_out", [&](Fields &left) { return readLeftOut(left); });
  Fields ruleFields = fields.child("rule");
  readRule(ruleFields);
  if (!ruleFields.finish())
    fields.fail("rule");
  return fields.finish();
}

std::optional<Portfolio> tez::readIndex(const json::Source &source, json::DiagnosticSink &sink) {
  auto document = json::Document::parse(source, sink);
  if (!document)
    return std::nullopt;
  IndexReader reader(sink);
  return reader.read(document->root()) ? std::optional(std::move(reader.portfolio)) : std::nullopt;
}
