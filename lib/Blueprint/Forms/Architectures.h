//===- Architectures.h - The architecture types of form 1a ------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_ARCHITECTURES_H
#define TEZ_LIB_BLUEPRINT_FORMS_ARCHITECTURES_H

#include "tez/Blueprint/Form.h"

namespace tez::blueprint {

/// `architecture`, or a bare blueprint: {type, config}. Reads every field and
/// calls finish(). The description of the result is empty.
std::optional<Network> readArchitecture(json::Fields &f, FormContext &context);

// One architecture type each: reads `config` without finish(). The result
// counts only while config.ok().
Network readLinearArchitecture(json::Fields &config, FormContext &context);
Network readConvArchitecture(json::Fields &config, FormContext &context);
Network readAttentionArchitecture(json::Fields &config, FormContext &context);
Network readCustomArchitecture(json::Fields &config, FormContext &context);

/// An error at `name` when `count` layers (of this name) are more than allowed.
void checkLayerCount(json::Fields &f, std::string_view name, size_t count, std::string_view layers,
                     const Limits &limits);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_ARCHITECTURES_H
