//===- Probe.h - What may crash is tried in a child -------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_PROBE_H
#define TEZ_LIB_BLUEPRINT_FORMS_PROBE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>
#include <string>

namespace tez::blueprint {

/// Runs `action` in a child process with a limit on time and memory; false when
/// the child does not come to its end. Nothing the child does is seen here.
bool survives(llvm::function_ref<void()> action);

/// The same for an action with a text as its result, of which nothing else comes
/// back: what it did to its memory dies with the child. nullopt when the child
/// does not come to its end, or has more than `most` bytes to tell.
std::optional<std::string> resultOf(llvm::function_ref<std::string()> action, size_t most);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_PROBE_H
