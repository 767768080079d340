//===- KernelFile.h - What a kernel file may ask of torch -------*- C++ -*-===//
//
// torch.jit.load runs what it is given and trusts its numbers. This is what we
// look at before: torch sees no byte of a file that is refused here.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ARTIFACT_KERNELFILE_H
#define TEZ_ARTIFACT_KERNELFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tez {

/// Refuses, naming record and line or byte:
/// - names that leave the archive's one folder, or that torch's reader, which
///   ignores case, could take for another's;
/// - records that inflate without measure or share their bytes;
/// - source that is nested so deep that torch's parser runs out of stack, or that
///   calls anything but operators of Operators.def, the few forms of torch's
///   printer (lib/Artifact/SourceForms.h) and the file's own functions;
/// - pickles that name more than torch's rebuild functions and the file's own
///   classes, tensors that reach beyond their records, and objects that are not
///   what their class declares.
llvm::Error checkKernelFile(llvm::StringRef bytes);

} // namespace tez

#endif // TEZ_ARTIFACT_KERNELFILE_H
