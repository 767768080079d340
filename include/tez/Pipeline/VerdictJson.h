//===- VerdictJson.h - A verdict as reports and files have it ---*- C++ -*-===//

#ifndef TEZ_PIPELINE_VERDICTJSON_H
#define TEZ_PIPELINE_VERDICTJSON_H

#include "tez/Validate/Validate.h"
#include <nlohmann/json.hpp>

namespace tez {

/// In --report and in evidence.json.
nlohmann::ordered_json verdictsJson(const std::vector<Verdict> &verdicts);

} // namespace tez

#endif // TEZ_PIPELINE_VERDICTJSON_H
