//===- Sequential.h - Layers named by their type ----------------*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_LAYERS_SEQUENTIAL_H
#define TEZ_BLUEPRINT_LAYERS_SEQUENTIAL_H

#include "Support.h"

namespace tez::blueprint {

/// The reader of `name`, with or without "torch.nn." before it. Null after an
/// error at `field` that names the nearest class.
LayerReader findNamedLayer(json::Fields &fields, std::string_view field, std::string_view name);

/// A layer as an object {type, constructor arguments}. Calls finish(); null
/// after an error.
LayerPtr readTypedLayer(json::Fields &fields);

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYERS_SEQUENTIAL_H
