//===- Metadata.h - What a blueprint says beside the network ----*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_METADATA_H
#define TEZ_LIB_BLUEPRINT_FORMS_METADATA_H

#include "tez/Blueprint/Form.h"

namespace tez::blueprint {

/// The optional fields that all enveloped forms know and nothing computes
/// from: state, times, hyperparameters, performance_metrics, tags, metadata.
/// Their types are checked.
void readCarried(json::Fields &f, Description &description);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_METADATA_H
