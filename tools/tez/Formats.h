//===- Formats.h - What tez compile writes of a kernel ----------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_FORMATS_H
#define TEZ_TOOLS_TEZ_FORMATS_H

#include "tez/Pipeline/Compiler.h"

namespace tez::tool {

/// A word of --emit. The first of those asked for, in the order of `formats`, is written where -o
/// says, the others beside it, with their own extensions.
struct Format {
  const char *name, *extension;
  const char *what; ///< in messages
  bool CompileOptions::*option;
  std::string CompileResult::*content;
};

inline constexpr Format formats[] = {
    {"torchscript", ".pt", "kernel", &CompileOptions::torchscript, &CompileResult::bytes},
    {"pt2", ".pt2", "exported program", &CompileOptions::program, &CompileResult::program},
    {"onnx", ".onnx", "ONNX model", &CompileOptions::onnx, &CompileResult::onnx},
};

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_FORMATS_H
