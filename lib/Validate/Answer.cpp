//===- Answer.cpp ---------------------------------------------------------===//

#include "Answer.h"
#include "tez/Validate/VerdictJson.h"

using namespace mlir;
using namespace tez;
using Json = nlohmann::ordered_json;

Places::Places(const KernelUnderTest &file) {
  add(file.reference().getLoc());
  for (Operation *root :
       {ts::ModuleOp(file.lowered).getOperation(), mlir::ModuleOp(*file.oracle).getOperation()})
    root->walk([&](Operation *op) { add(op->getLoc()); });
}

void Places::add(Location location) {
  if (indices.try_emplace(location, all.size()).second)
    all.push_back(location);
}

static Json toJson(const Diagnostic &diagnostic, const Places &places) {
  Json notes = Json::array();
  for (const Diagnostic &note : diagnostic.getNotes())
    notes.push_back({places.indexOf(note.getLocation()), note.str()});
  return {{"severity", int(diagnostic.getSeverity())},
          {"place", places.indexOf(diagnostic.getLocation())},
          {"text", diagnostic.str()},
          {"notes", notes}};
}

std::string tez::answerOf(KernelUnderTest &file, ArrayRef<const Check *> checks,
                          const Places &places, llvm::function_ref<void(size_t)> progress) {
  Json said = Json::array();
  ScopedDiagnosticHandler hear(ts::ModuleOp(file.lowered).getContext(),
                               [&](Diagnostic &diagnostic) {
                                 said.push_back(toJson(diagnostic, places));
                                 return success();
                               });
  LogicalResult passed = success();
  if (llvm::Error error = file.load())
    passed = file.lowered.emitError() << llvm::toString(std::move(error));
  else
    passed = runChecks(file, checks, progress);
  Json answer = {{"passed", succeeded(passed)},
                 {"verdicts", verdictsJson(file.verdicts)},
                 {"diagnostics", said}};
  std::vector<uint8_t> bytes = Json::to_cbor(answer);
  return {bytes.begin(), bytes.end()};
}

static void say(const Json &diagnostic, const Places &places) {
  auto severity = DiagnosticSeverity(diagnostic.at("severity").get<int>());
  Location place = places.at(diagnostic.at("place").get<size_t>());
  InFlightDiagnostic said = place.getContext()->getDiagEngine().emit(place, severity);
  said << diagnostic.at("text").get<std::string>();
  for (const Json &note : diagnostic.at("notes"))
    said.attachNote(places.at(note.at(0).get<size_t>())) << note.at(1).get<std::string>();
}

bool tez::hasPassed(StringRef answer) {
  return Json::from_cbor(answer.bytes()).at("passed").get<bool>();
}

LogicalResult tez::takeAnswer(KernelUnderTest &file, const Places &places, StringRef bytes) {
  Json answer = Json::from_cbor(bytes.bytes());
  for (const Json &diagnostic : answer.at("diagnostics"))
    say(diagnostic, places);
  std::vector<Verdict> verdicts = readVerdicts(answer.at("verdicts"));
  file.verdicts.insert(file.verdicts.end(), verdicts.begin(), verdicts.end());
  return success(answer.at("passed").get<bool>());
}
