//===- State.h - The values of a kernel file --------------------*- C++ -*-===//

#ifndef TEZ_LIB_ARTIFACT_STATE_H
#define TEZ_LIB_ARTIFACT_STATE_H

#include "Source.h"

namespace tez::state {

/// The size of a record, by its path in the archive's folder.
using SizeOf = llvm::function_ref<std::optional<uint64_t>(llvm::StringRef path)>;

/// Refuses a pickle that names what kernels do not need, tensors that reach beyond
/// their records in `folder` ("data/"), and objects that are not what their class
/// declares: torch believes all three.
llvm::Error check(llvm::StringRef pickle, llvm::StringRef folder,
                  const source::Declarations &declarations, SizeOf sizeOf);

/// Of debugging records, which torch reads too: numbers, texts, lists of them.
llvm::Error checkPlain(llvm::StringRef pickle);

} // namespace tez::state

#endif // TEZ_LIB_ARTIFACT_STATE_H
