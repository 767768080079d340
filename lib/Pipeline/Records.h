//===- Records.h - What a kernel file says about itself ---------*- C++ -*-===//

#ifndef TEZ_LIB_PIPELINE_RECORDS_H
#define TEZ_LIB_PIPELINE_RECORDS_H

#include "mlir/IR/BuiltinOps.h"
#include "tez/Artifact/Archive.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Pipeline/Compiler.h"

namespace tez {

/// evidence.json: the verdicts.
std::string renderEvidence(const CompileOptions &options, const CompileResult &result);

/// The records of one compilation that passed: metadata.json, evidence.json
/// (result.evidence), blueprint (its text) and kernel.mlirbc (the reference, before
/// any pass). None holds a time, a path or a name of a file: same inputs, same bytes.
ExtraRecords makeRecords(const json::Source &source, const CompileOptions &options,
                         const CompileResult &result, mlir::ModuleOp reference);

/// KernelMetadata of an ONNX model of `kernel`, as it was imported: what is known without
/// ids, as JSON.
std::string onnxMetadata(const CompileOptions &options, int64_t parameters, esper::KernelOp kernel);

} // namespace tez

#endif // TEZ_LIB_PIPELINE_RECORDS_H
