//===- Cache.h - Kernels made before, by content id -------------*- C++ -*-===//
//
// A folder of entries, one file each: the kernel's records as torch wrote them, its machine
// code, its evidence and its key, sealed like a kernel file. What depends on the
// blueprint (metadata, its text, ids) is not in them: blueprints of one structure
// share an entry. Entries appear whole or not at all, so that any number of
// processes may use a folder; nobody removes them.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_PIPELINE_CACHE_H
#define TEZ_LIB_PIPELINE_CACHE_H

#include "tez/Artifact/Archive.h"
#include "tez/Pipeline/Identity.h"

namespace tez {

class CompileCache {
public:
  /// `validation` tells what evidence the kernels have; others are entries of their own.
  CompileCache(std::string folder, const Identity &identity, const std::string &validation);

  struct Kernel {
    std::string archive; ///< sealed; what torch wrote is in it
    std::string evidence;
    ExtraRecords machineCode; ///< its records; none where the kernel has none
  };
  /// The kernel, if it is there and whole. `warning` says what is wrong with an
  /// entry that is damaged; store() then replaces it.
  std::optional<Kernel> find(std::string &warning) const;

  /// `archive` may be sealed.
  llvm::Error store(llvm::StringRef archive, llvm::StringRef evidence,
                    const ExtraRecords &machineCode) const;

  /// Why find() found nothing: the parts of the key beside those of the entry
  /// that has most of them in common.
  std::string explainMiss() const;
  const std::string &path() const { return entry; }

private:
  std::string folder, entry;
  std::vector<IdentityPart> key;
};

} // namespace tez

#endif // TEZ_LIB_PIPELINE_CACHE_H
