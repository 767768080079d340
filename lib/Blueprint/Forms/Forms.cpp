//===- Forms.cpp - The forms of blueprints, told apart by their keys ------===//

#include "tez/Blueprint/Form.h"

using namespace tez::blueprint;

/// In the order of asking. The flat IR comes last and takes what is left: an
/// object that nothing marks is told that it lacks `type`.
static constexpr Form kForms[] = {
    {"graph", isGraph, readGraph},
    {"module", isModuleForm, readModuleForm},
    {"architecture", isEnvelope, readEnvelope},
    {"flat", [](const tez::json::Object &) { return true; }, readFlatIr},
};

llvm::ArrayRef<Form> tez::blueprint::forms() { return kForms; }
