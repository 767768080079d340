//===- Probe.h - What may crash is tried in a child -------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_PROBE_H
#define TEZ_LIB_BLUEPRINT_FORMS_PROBE_H

#include "llvm/ADT/STLFunctionalExtras.h"

namespace tez::blueprint {

/// Runs `action` in a child process with a limit on time and memory; false when
/// the child does not come to its end. Nothing the child does is seen here.
bool survives(llvm::function_ref<void()> action);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_PROBE_H
