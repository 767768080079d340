//===- VerdictJson.h - A verdict as reports and files have it ---*- C++ -*-===//

#ifndef TEZ_PIPELINE_VERDICTJSON_H
#define TEZ_PIPELINE_VERDICTJSON_H

#include "tez/Validate/Validate.h"
#include <nlohmann/json.hpp>

namespace tez {

/// In --report and in evidence.json.
inline nlohmann::ordered_json verdictsJson(const std::vector<Verdict> &verdicts) {
  auto list = nlohmann::ordered_json::array();
  for (const Verdict &verdict : verdicts)
    list.push_back({{"check", verdict.check},
                    {"passed", verdict.passed},
                    {"runs", verdict.runs},
                    {"worst_error_fp32", verdict.worstError},
                    {"worst_error_fp64", verdict.worstDouble},
                    {"worst_ratio_to_bound", verdict.worstRatio},
                    {"drop", verdict.drop},
                    {"notes", verdict.notes}});
  return list;
}

} // namespace tez

#endif // TEZ_PIPELINE_VERDICTJSON_H
