//===- ForwardLogic.h - Form 1d with the text of a class --------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_LOGIC_FORWARDLOGIC_H
#define TEZ_LIB_BLUEPRINT_LOGIC_FORWARDLOGIC_H

#include "tez/Blueprint/Form.h"

namespace tez::blueprint {

/// Reads `forward_logic`, `config` and `init_params` of an architecture. The text
/// is parsed and translated, never run. Does not call finish().
std::optional<Network> readForwardLogic(json::Fields &architecture, FormContext &context);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_LOGIC_FORWARDLOGIC_H
