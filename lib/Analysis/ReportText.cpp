//===- ReportText.cpp - An analysis for people ----------------------------===//

#include "tez/Analysis/Report.h"
#include "tez/Support/NumberText.h"
#include "tez/Support/TextTable.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;
using llvm::raw_ostream;

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

using Row = std::vector<std::string>;

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
  TextTable table{/*texts=*/3, {}};
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
