//===- InspectionText.cpp - A kernel file on a terminal -------------------===//

#include "Inspection.h"
#include "Terminal.h"
#include "tez/Support/NumberText.h"
#include "tez/Support/TextTable.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;
using namespace tez::tool;
using Json = nlohmann::ordered_json;

/// A value of an untrusted record on one line.
static std::string valueText(const Json &value) {
  if (value.is_string())
    return printable(value.get<std::string>());
  if (!value.is_object())
    return printable(value.dump());
  std::string text;
  for (const auto &[key, inner] : value.items())
    text += (text.empty() ? "" : ", ") + printable(key) + " " + valueText(inner);
  return text;
}

static Json at(const Json &object, const char *key) {
  auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? Json() : *found;
}

static std::string errorText(const Json &value) {
  return value.is_number() ? threeDigits(value.get<double>()) : "";
}

namespace {
class Printer {
public:
  explicit Printer(const Inspection &found) : found(found), stream(llvm::outs()) {}

  void run() {
    printFile();
    printMetadata();
    printVerdicts();
    printState();
    printOperations();
    printRecords();
    stream.flush();
  }

private:
  void heading(const std::string &text) { stream << "\n" << emphasis.heading(text) << "\n"; }
  void printFile();
  void printMetadata();
  void printVerdicts();
  void printState();
  void addTensors(TextTable &table, const char *kind, const NamedTensors &tensors);
  void printOperations();
  void printRecords();

  const Inspection &found;
  llvm::raw_ostream &stream;
  Emphasis emphasis;
};
} // namespace

void Printer::printFile() {
  stream << emphasis.heading(printable(found.path)) << "  " << grouped(double(found.bytes))
         << " bytes\n";
  TextTable table{/*texts=*/2, {{"sha256", found.sha256}}};
  table.rows.push_back(
      {"seal", found.seal.empty() ? emphasis.good("whole") + ", every record as in the manifest"
                                  : emphasis.bad("broken or none") + ": " + printable(found.seal)});
  table.print(stream);
}

void Printer::printMetadata() {
  if (!found.metadata.is_object())
    return;
  heading("metadata");
  TextTable table{/*texts=*/2, {}};
  for (const auto &[key, value] : found.metadata.items())
    if (std::string text = valueText(value); !text.empty())
      table.rows.push_back({printable(key), text});
  table.print(stream);
}

void Printer::printVerdicts() {
  if (!found.evidence.is_object())
    return;
  Json verdicts = at(found.evidence, "verdicts");
  heading("verdicts");
  if (!verdicts.is_array() || verdicts.empty()) {
    stream << "  none: the kernel was not validated\n";
    return;
  }
  TextTable table{/*texts=*/2, {{"check", "answer", "runs", "error fp32", "fp64", "of bound"}}};
  for (const Json &verdict : verdicts) {
    std::string answer = valueText(at(verdict, "answer"));
    table.rows.push_back({valueText(at(verdict, "check")),
                          answer == "pass" ? emphasis.good(answer) : emphasis.bad(answer),
                          valueText(at(verdict, "runs")),
                          errorText(at(verdict, "worst_error_fp32")),
                          errorText(at(verdict, "worst_error_fp64")),
                          errorText(at(verdict, "worst_ratio_to_bound"))});
  }
  table.print(stream);
}

static std::string shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (auto [i, dim] : llvm::enumerate(shape))
    text += (i ? ", " : "") + std::to_string(dim);
  return text + "]";
}

void Printer::addTensors(TextTable &table, const char *kind, const NamedTensors &tensors) {
  for (const auto &[name, tensor] : tensors)
    table.rows.push_back({printable(name), kind, tez::name(tensor.dtype()),
                          shapeText(tensor.shape()), grouped(double(tensor.numElements())),
                          byteSize(int64_t(tensor.numBytes()))});
}

static std::string counted(size_t count, const char *what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void Printer::printState() {
  heading("state: " + counted(found.parameters.size(), "parameter") + " with " +
          grouped(double(countElements(found.parameters))) + " elements, " +
          counted(found.buffers.size(), "buffer") + " with " +
          grouped(double(countElements(found.buffers))));
  if (found.parameters.empty() && found.buffers.empty())
    return;
  TextTable table{/*texts=*/4, {{"name", "kind", "type", "shape", "elements", "size"}}};
  addTensors(table, "parameter", found.parameters);
  addTensors(table, "buffer", found.buffers);
  table.print(stream);
}

void Printer::printOperations() {
  heading("operations, as written");
  if (!found.analysis) {
    stream << "  unknown: " << printable(found.noAnalysis) << "\n";
    return;
  }
  std::string text;
  llvm::raw_string_ostream table(text);
  found.analysis->printText(table);
  for (llvm::StringRef line : llvm::split(llvm::StringRef(text).rtrim('\n'), '\n'))
    stream << printable(line.str()) << "\n";
}

void Printer::printRecords() {
  heading(counted(found.records.size(), "record"));
  TextTable table{/*texts=*/1, {{"name", "bytes", "in the file"}}};
  for (const Inspection::Record &record : found.records)
    table.rows.push_back(
        {printable(record.name), grouped(double(record.size)), grouped(double(record.stored))});
  table.print(stream);
}

void tool::printText(const Inspection &found) { Printer(found).run(); }
