//===- ProgramJson.h - A program in the schema of torch.export --*- C++ -*-===//
//
// torch/_export/serde/schema.py of torch 2.15, whose major version has to be a reader's own.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_TORCH_EXPORT_PROGRAMJSON_H
#define TEZ_LIB_TORCH_EXPORT_PROGRAMJSON_H

#include "Trace.h"

namespace tez::program {

/// models/NAME.json: graph, signature, ranges and versions.
std::string programJson(const Program &program, const ProgramRequest &request);

/// data/weights/NAME_weights_config.json: which record holds which tensor, in order of the state.
std::string weightsConfigJson(const Program &program);

/// The record of state number `i` in data/weights.
inline std::string weightRecord(size_t i) { return "weight_" + std::to_string(i); }

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_PROGRAMJSON_H
