//===- VerdictJson.cpp - A verdict as reports and files have it -----------===//

#include "tez/Validate/VerdictJson.h"
#include <limits>

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

static double number(const Json &json) {
  return json.is_null() ? std::numeric_limits<double>::infinity() : json.get<double>();
}

static PairedTimes readRace(const Json &json) {
  PairedTimes race;
  race.ratio = number(json.at("ratio"));
  race.low = number(json.at("interval").at(0));
  race.high = number(json.at("interval").at(1));
  race.kernel = json.at("kernel_ms").get<std::vector<double>>();
  race.reference = json.at("reference_ms").get<std::vector<double>>();
  return race;
}

static Answer readAnswer(const std::string &text) {
  for (Answer answer : {Answer::Pass, Answer::Undecided})
    if (name(answer) == text)
      return answer;
  return Answer::Fail;
}

static Verdict readVerdict(const Json &json) {
  Verdict verdict;
  verdict.check = json.at("check").get<std::string>();
  verdict.answer = readAnswer(json.at("answer").get<std::string>());
  verdict.runs = json.at("runs").get<unsigned>();
  verdict.worstError = number(json.at("worst_error_fp32"));
  verdict.worstDouble = number(json.at("worst_error_fp64"));
  verdict.worstRatio = number(json.at("worst_ratio_to_bound"));
  verdict.drop = number(json.at("drop"));
  verdict.notes = json.at("notes").get<std::vector<std::string>>();
  if (json.contains("figures"))
    for (const auto &[name, value] : json.at("figures").items())
      verdict.figures.emplace_back(name, number(value));
  if (json.contains("race"))
    verdict.race = readRace(json.at("race"));
  return verdict;
}

std::vector<Verdict> tez::readVerdicts(const Json &json) {
  std::vector<Verdict> verdicts;
  for (const Json &one : json)
    verdicts.push_back(readVerdict(one));
  return verdicts;
}
