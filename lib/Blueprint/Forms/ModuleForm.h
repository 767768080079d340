//===- ModuleForm.h - Form 1d beside its architecture -----------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_MODULEFORM_H
#define TEZ_LIB_BLUEPRINT_FORMS_MODULEFORM_H

#include "tez/Blueprint/Form.h"

namespace tez::blueprint {

/// What the metadata claims about the cost of the network. Given when the
/// claim is there and is a number.
struct Estimates {
  std::optional<json::Value> parameters, kilobytes;
};

/// Reads `metadata` into the description.
Estimates readModuleMetadata(json::Fields &form, Description &description);

/// Warns, with the true figure, of claims that do not hold for the kernel that
/// `net` has built.
void checkEstimates(const Estimates &estimates, NetBuilder &net);

/// Holds the values of `architecture.config` and `.init_params` to the bounds
/// in `validation` that name them: min_<name> and max_<name>. The others are
/// carried.
void checkBounds(json::Fields &form, Description &description);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_MODULEFORM_H
