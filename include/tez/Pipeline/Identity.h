//===- Identity.h - What a kernel is and how it is made ---------*- C++ -*-===//

#ifndef TEZ_PIPELINE_IDENTITY_H
#define TEZ_PIPELINE_IDENTITY_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Validate/Quantization.h"

namespace tez {
struct CompileOptions;

/// One thing the bytes of a kernel depend on. What is long is there by its SHA-256.
struct IdentityPart {
  std::string name, value;
};

struct Identity {
  std::vector<IdentityPart> parts;
  std::string contentId; ///< over the parts: equal where the kernel and its evidence are
  std::string kernelId;  ///< over the content id and the blueprint's id
  std::string torch;     ///< version of the toolchain's
};

/// The parts on which the bytes of a kernel depend: its structure (esper without
/// the kernel's name, places and what the blueprint says of itself; names of
/// state and inputs count, since hosts see them), its weights, target, purpose,
/// tier, precision, passes, toolchain. `given` are the weights of a state dict;
/// null: the kernel's are made from the seed. Fails on a plugin that is not there.
llvm::Expected<Identity> identify(esper::KernelOp reference, const CompileOptions &options,
                                  const WeightStore *given);

/// What the kernel says of itself under `key`, or an empty text.
std::string describe(esper::KernelOp kernel, llvm::StringRef key);

/// Of the samples that int8 was calibrated with; null when there are none.
std::optional<std::string> digest(const std::vector<Sample> &samples);

} // namespace tez

#endif // TEZ_PIPELINE_IDENTITY_H
