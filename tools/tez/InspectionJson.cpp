//===- InspectionJson.cpp - A kernel file for programs --------------------===//

#include "Inspection.h"
#include <iostream>

using namespace tez;
using Json = nlohmann::ordered_json;

static Json tensorsJson(const NamedTensors &tensors) {
  Json list = Json::array();
  for (const auto &[name, tensor] : tensors)
    list.push_back(
        {{"name", name}, {"dtype", tez::name(tensor.dtype())}, {"shape", tensor.shape()}});
  return list;
}

static Json recordsJson(const tool::Inspection &found) {
  Json list = Json::array();
  for (const tool::Inspection::Record &record : found.records)
    list.push_back(
        {{"name", record.name}, {"bytes", record.size}, {"bytes_in_file", record.stored}});
  return list;
}

static Json analysisJson(const AnalysisReport &analysis) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  analysis.printJson(stream);
  return Json::parse(text);
}

void tool::printJson(const Inspection &found, bool withSource) {
  Json report = {{"file", found.path},
                 {"bytes", found.bytes},
                 {"sha256", found.sha256},
                 {"whole", found.seal.empty()},
                 {"parameter_count", countElements(found.parameters)},
                 {"parameters", tensorsJson(found.parameters)},
                 {"buffers", tensorsJson(found.buffers)},
                 {"metadata", found.metadata},
                 {"evidence", found.evidence},
                 {"analysis", found.analysis ? analysisJson(*found.analysis) : Json()},
                 {"records", recordsJson(found)}};
  if (withSource)
    report["source"] = found.source;
  // Names of files need not be UTF-8.
  std::cout << report.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}
