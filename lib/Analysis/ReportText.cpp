//===- ReportText.cpp - An analysis for people ----------------------------===//

#include "tez/Analysis/Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace tez;
using llvm::raw_ostream;

/// 1234567 -> "1,234,567".
static std::string grouped(double value) {
  std::string digits = llvm::formatv("{0:F0}", value).str();
  for (int64_t at = int64_t(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(size_t(at), ",");
  return digits;
}

static std::string threeDigits(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.3g", value);
  return text;
}

/// "12.3 KiB"; bytes below 1024 as they are.
static std::string byteSize(int64_t bytes) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = double(bytes);
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(units); ++unit)
    value /= 1024;
  return llvm::formatv(unit ? "{0:F1} {1}" : "{0:F0} {1}", value, units[unit]).str();
}

static std::string shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string text = "(";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(shape, stream);
  return text + ")";
}

static std::string outputsText(const OpCost &op) {
  std::vector<std::string> shapes;
  for (const auto &shape : op.outputs)
    shapes.push_back(shapeText(shape));
  return llvm::join(shapes, " ");
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

namespace {
using Row = std::vector<std::string>;

/// Columns as wide as their widest cell; the first three are text.
struct Table {
  std::vector<Row> rows;

  void print(raw_ostream &stream) const {
    std::vector<size_t> widths(rows.front().size());
    for (const Row &row : rows)
      for (auto [i, cell] : llvm::enumerate(row))
        widths[i] = std::max(widths[i], cell.size());
    for (const Row &row : rows) {
      std::string line = " ";
      for (auto [i, cell] : llvm::enumerate(row)) {
        std::string padding(widths[i] - cell.size(), ' ');
        line += " " + (i < 3 ? cell + padding : padding + cell) + " ";
      }
      stream << llvm::StringRef(line).rtrim() << "\n";
    }
  }
};
} // namespace

static Row rowOf(const OpCost &op, double signal) {
  return {op.op,
          op.field,
          outputsText(op),
          op.parameters ? grouped(double(op.parameters)) : "",
          op.flops > 0 ? grouped(op.flops) : "",
          op.activationBytes ? byteSize(op.activationBytes) : "",
          threeDigits(signal)};
}

static void printTable(raw_ostream &stream, const AnalysisReport &report, size_t maxOps) {
  Table table;
  table.rows.push_back({"op", "place", "output", "parameters", "FLOPs", "activations", "signal"});
  size_t shown = std::min(maxOps, report.cost.ops.size());
  for (size_t i = 0; i < shown; ++i)
    table.rows.push_back(rowOf(report.cost.ops[i], report.signals[i]));
  table.print(stream);
  if (shown < report.cost.ops.size())
    stream << "  ... and " << report.cost.ops.size() - shown << " more\n";
}

//===----------------------------------------------------------------------===//
// Report
//===----------------------------------------------------------------------===//

static void printHeader(raw_ostream &stream, const AnalysisReport &report) {
  stream << "kernel " << report.kernel << ": " << name(report.judgement()) << "\n";
  if (!report.cost.inputs)
    return;
  for (auto [input, shape] : llvm::zip(report.inputNames, *report.cost.inputs))
    stream << "  input " << input << " " << shapeText(shape) << "\n";
}

static void printTotals(raw_ostream &stream, const AnalysisReport &report) {
  const KernelCost &cost = report.cost;
  stream << "  parameters   " << grouped(double(cost.parameters)) << " ("
         << byteSize(cost.parameterBytes) << ")";
  if (cost.buffers)
    stream << ", buffers " << grouped(double(cost.buffers)) << " (" << byteSize(cost.bufferBytes)
           << ")";
  stream << "\n";
  if (!cost.inputs)
    return;
  stream << "  FLOPs        " << grouped(cost.flops) << " for a batch of " << report.batch << "\n";
  stream << "  activations  " << byteSize(cost.inferencePeak) << " at once";
  if (cost.trains)
    stream << ", " << byteSize(cost.trainingPeak) << " kept in training";
  stream << "\n";
}

void AnalysisReport::printText(raw_ostream &stream, size_t maxOps) const {
  printHeader(stream, *this);
  if (cost.inputs)
    printTable(stream, *this, maxOps);
  printTotals(stream, *this);
}
