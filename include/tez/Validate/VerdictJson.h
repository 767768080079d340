//===- VerdictJson.h - A verdict as reports and files have it ---*- C++ -*-===//

#ifndef TEZ_VALIDATE_VERDICTJSON_H
#define TEZ_VALIDATE_VERDICTJSON_H

#include "tez/Validate/Validate.h"
#include <nlohmann/json.hpp>

namespace tez {

/// In --report and in evidence.json.
nlohmann::ordered_json verdictsJson(const std::vector<Verdict> &verdicts);

/// What verdictsJson made. Throws nlohmann::json::exception where it did not; null is
/// read as infinity, which JSON has no number for.
std::vector<Verdict> readVerdicts(const nlohmann::ordered_json &json);

} // namespace tez

#endif // TEZ_VALIDATE_VERDICTJSON_H
