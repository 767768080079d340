//===- Options.cpp - Names of what compilations are asked for -------------===//

#include "tez/Pipeline/Compiler.h"
#include "llvm/ADT/STLExtras.h"

using namespace tez;
using llvm::StringRef;

static constexpr StringRef phaseNames[] = {"import", "simplify", "lower", "emit", "validate"};

StringRef tez::name(Phase phase) { return phaseNames[int(phase)]; }

std::optional<Phase> tez::parsePhase(StringRef text) {
  const auto *found = llvm::find(phaseNames, text);
  return found == std::end(phaseNames) ? std::nullopt
                                       : std::optional(Phase(found - std::begin(phaseNames)));
}

StringRef tez::name(Purpose purpose) { return purpose == Purpose::Train ? "train" : "infer"; }

static constexpr StringRef precisionNames[] = {"fp32", "bf16", "fp16", "int8"};

StringRef tez::name(Precision precision) { return precisionNames[int(precision)]; }

std::optional<Precision> tez::parsePrecision(StringRef text) {
  const auto *found = llvm::find(precisionNames, text);
  return found == std::end(precisionNames)
             ? std::nullopt
             : std::optional(Precision(found - std::begin(precisionNames)));
}
