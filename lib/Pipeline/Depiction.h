//===- Depiction.h - A kernel as plain values for a report ------*- C++ -*-===//

#ifndef TEZ_LIB_PIPELINE_DEPICTION_H
#define TEZ_LIB_PIPELINE_DEPICTION_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Pipeline/Compiler.h"

namespace tez {

/// The first kernel of `module`. Copies what it shows: the module may go on changing.
report::Graph drawnGraph(mlir::ModuleOp module);

/// The kernel as imported: its name, its graph and what its ops cost.
Depiction depict(mlir::ModuleOp module);

/// Runs the finished kernel and adds what its operators took to the rows of `depiction`.
void addOperatorTimes(ts::ModuleOp lowered, esper::KernelOp kernel, llvm::StringRef bytes,
                      Depiction &depiction);

/// Does a report on this kernel list the rewrites unasked. Each of them is counted by a
/// look at the whole kernel, so that large ones would take minutes.
bool listsRewrites(const Depiction &depiction);

} // namespace tez

#endif // TEZ_LIB_PIPELINE_DEPICTION_H
