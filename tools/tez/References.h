//===- References.h - What a check of an ONNX model needs -------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REFERENCES_H
#define TEZ_TOOLS_TEZ_REFERENCES_H

#include "tez/Pipeline/Compiler.h"

namespace tez::tool {

/// Writes into `folder`, made where there is none: metadata.json (KernelMetadata of the
/// model, without ids), CALL-inputN.npy and CALL-outputN.npy (fp64) of each reference call, and
/// references.json: {"calls": [{"inputs": [FILE], "outputs": [{"file", "absolute", "relative"}]}]},
/// by which |y - A| <= absolute + relative * |A|. Says what is wrong otherwise.
Outcome writeReferences(const std::string &folder, const CompileResult &result);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REFERENCES_H
