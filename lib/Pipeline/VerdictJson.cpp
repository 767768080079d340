//===- VerdictJson.cpp - A verdict as reports and files have it -----------===//

#include "tez/Pipeline/VerdictJson.h"

using namespace tez;
using Json = nlohmann::ordered_json;

static Json raceJson(const PairedTimes &race) {
  return {{"ratio", race.ratio},
          {"interval", {race.low, race.high}},
          {"kernel_ms", race.kernel},
          {"reference_ms", race.reference}};
}

static Json verdictJson(const Verdict &verdict) {
  Json json = {{"check", verdict.check},
               {"passed", verdict.passed()},
               {"answer", name(verdict.answer).str()},
               {"runs", verdict.runs},
               {"worst_error_fp32", verdict.worstError},
               {"worst_error_fp64", verdict.worstDouble},
               {"worst_ratio_to_bound", verdict.worstRatio},
               {"drop", verdict.drop},
               {"notes", verdict.notes}};
  if (!verdict.figures.empty()) {
    Json &figures = json["figures"] = Json::object();
    for (const auto &[name, value] : verdict.figures)
      figures[name] = value;
  }
  if (verdict.race)
    json["race"] = raceJson(*verdict.race);
  return json;
}

Json tez::verdictsJson(const std::vector<Verdict> &verdicts) {
  Json list = Json::array();
  for (const Verdict &verdict : verdicts)
    list.push_back(verdictJson(verdict));
  return list;
}
