//===- Report.cpp ---------------------------------------------------------===//

#include "Report.h"
#include <nlohmann/json.hpp>

using namespace tez;
using Json = nlohmann::ordered_json;

static Json verdictJson(const Verdict &verdict) {
  return {{"check", verdict.check},
          {"passed", verdict.passed},
          {"runs", verdict.runs},
          {"worst_error_fp32", verdict.worstError},
          {"worst_error_fp64", verdict.worstDouble},
          {"worst_ratio_to_bound", verdict.worstRatio},
          {"notes", verdict.notes}};
}

std::string tool::renderReport(const json::Source &source, const std::string &target,
                               const CompileOptions &options, const CompileResult &result) {
  Json report = {{"blueprint", source.name()},
                 {"kernel", target},
                 {"purpose", options.purpose == Purpose::Train ? "train" : "infer"},
                 {"target", options.target},
                 {"tier", options.tier},
                 {"seed", options.seed},
                 {"parameter_count", result.parameterCount},
                 {"kernel_bytes", result.bytes.size()}};
  report["verdicts"] = Json::array();
  for (const Verdict &verdict : result.verdicts)
    report["verdicts"].push_back(verdictJson(verdict));
  for (const PhaseTime &time : result.times)
    report["milliseconds"][name(time.phase).str()] = time.milliseconds;
  return report.dump(2) + "\n";
}
