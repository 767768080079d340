//===- Inspection.h - What is inside a kernel file --------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_INSPECTION_H
#define TEZ_TOOLS_TEZ_INSPECTION_H

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "tez/Analysis/Report.h"
#include "tez/Torch/Runtime.h"
#include <nlohmann/json.hpp>

namespace tez::tool {

/// All of it comes from the file: nothing here is proved by having been read.
struct Inspection {
  struct Record {
    std::string name;
    uint64_t stored = 0, size = 0; ///< bytes in the file, and without compression
  };

  std::string path, sha256;
  size_t bytes = 0;
  std::string seal;                          ///< empty: every record has the hash of the manifest
  nlohmann::ordered_json metadata, evidence; ///< null where there are none
  NamedTensors parameters, buffers;
  std::vector<Record> records;
  std::string source; ///< TorchScript
  /// Of kernel.mlirbc, or why there is none.
  std::optional<AnalysisReport> analysis;
  std::string noAnalysis;
};

/// Fills everything but path, and without `analyzed` not the analysis, which takes longer than all
/// the rest. `context` must outlive the inspection.
llvm::Error look(llvm::StringRef bytes, mlir::MLIRContext &context, bool analyzed,
                 Inspection &found);

int64_t countElements(const NamedTensors &tensors);

void printText(const Inspection &found);
void printJson(const Inspection &found, bool withSource);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_INSPECTION_H
