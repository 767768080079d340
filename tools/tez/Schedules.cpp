//===- Schedules.cpp - Records of measured schedules ----------------------===//

#include "Schedules.h"
#include "Subcommands.h"
#include "tez/Native/Schedule.h"
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace tez;
using Json = nlohmann::json;

/// "" or what is wrong with the schedules of one processor.
static std::string readProcessor(const std::string &name, const Json &products,
                                 ScheduleRecord &record) {
  llvm::Expected<native::Target> target = native::findTarget(name);
  if (!target)
    return llvm::toString(target.takeError());
  if (!products.is_object())
    return name + ": expected an object of schedules by product";
  for (const auto &[product, text] : products.items()) {
    std::string where = name + ": " + product + ": ";
    if (!text.is_string())
      return where + "expected a schedule such as \"6x1+1x4\"";
    llvm::Expected<native::Schedule> schedule = native::parseSchedule(text.get<std::string>());
    if (!schedule)
      return where + llvm::toString(schedule.takeError());
    record[name][product] = schedule->text();
  }
  return "";
}

Outcome tool::readScheduleRecord(const std::string &path, ScheduleRecord &record) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Outcome::Done;
  std::string problem;
  std::optional<std::string> text = readFile(path, problem);
  if (!text)
    return printError(problem), Outcome::Environment;
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return printError(path + ": expected a JSON object of schedules by processor"), Outcome::Usage;
  for (const auto &[name, products] : json.items())
    if (std::string wrong = readProcessor(name, products, record); !wrong.empty())
      return printError(path + ": " + wrong), Outcome::Usage;
  return Outcome::Done;
}

Outcome tool::writeScheduleRecord(const std::string &path, const ScheduleRecord &record) {
  return writeTogether({{path, Json(record).dump(2) + "\n"}});
}
