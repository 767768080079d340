//===- ReportJson.cpp - An analysis for programs --------------------------===//

#include "tez/Analysis/Report.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace tez;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

/// Whole numbers without an exponent; null for what JSON cannot say.
static Value number(double value) {
  if (!std::isfinite(value))
    return nullptr;
  if (value == std::trunc(value) && std::fabs(value) < 0x1p53)
    return int64_t(value);
  return value;
}

static Array shapeJson(llvm::ArrayRef<int64_t> shape) { return Array(shape); }

static Array inputsJson(const AnalysisReport &report) {
  Array inputs;
  for (auto [i, name] : llvm::enumerate(report.inputNames)) {
    Object input{{"name", name}};
    if (report.cost.inputs)
      input["shape"] = shapeJson((*report.cost.inputs)[i]);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

static Array opsJson(const AnalysisReport &report) {
  Array ops;
  for (auto [op, signal] : llvm::zip(report.cost.ops, report.signals)) {
    Array outputs;
    for (const auto &shape : op.outputs)
      outputs.push_back(shapeJson(shape));
    ops.push_back(Object{{"op", op.op},
                         {"place", op.field},
                         {"outputs", std::move(outputs)},
                         {"parameters", op.parameters},
                         {"parameter_bytes", op.parameterBytes},
                         {"flops", number(op.flops)},
                         {"activation_bytes", op.activationBytes},
                         {"signal", number(signal)}});
  }
  return ops;
}

static Array findingsJson(const AnalysisReport &report) {
  Array findings;
  for (const Finding &finding : report.findings)
    findings.push_back(Object{{"rule", finding.rule},
                              {"level", finding.refuses ? "refuse" : "warn"},
                              {"place", placeName(finding.location)},
                              {"message", finding.message}});
  return findings;
}

static Object totalsJson(const KernelCost &cost) {
  Object totals{{"parameters", cost.parameters},
                {"parameter_bytes", cost.parameterBytes},
                {"buffers", cost.buffers},
                {"buffer_bytes", cost.bufferBytes}};
  if (!cost.inputs)
    return totals;
  totals["flops"] = number(cost.flops);
  totals["input_bytes"] = cost.inputBytes;
  totals["inference_peak_bytes"] = cost.inferencePeak;
  if (cost.trains)
    totals["training_peak_bytes"] = cost.trainingPeak;
  return totals;
}

void AnalysisReport::printJson(llvm::raw_ostream &stream) const {
  Object report{{"kernel", kernel},
                {"judgement", name(judgement())},
                {"batch", batch},
                {"inputs", inputsJson(*this)},
                {"totals", totalsJson(cost)},
                {"ops", opsJson(*this)},
                {"findings", findingsJson(*this)}};
  stream << Value(std::move(report)) << "\n";
}
