//===- esper.cpp - Fuzzes the esper dialect as text and bytecode ----------===//
//
// Parsers, verifiers and shape rules of the ops, the checks of lib/Blueprint behind them, and
// the round trips through text and bytecode. MLIR's own readers crash on some text and on much
// bytecode, which a compilation survives in a child process. Here text is passed on only
// if all its words are of the part of MLIR's language that esper is written in, and bytecode
// is what MLIR wrote: a crash that is left is ours.
//
//===----------------------------------------------------------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "Import.h"
#include "Tokens.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/StringExtras.h"
#include <cstdlib>

using namespace mlir;
using namespace tez;

/// Names of ops, and what stands between them.
static const std::vector<std::string> &words() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> found = {" tensor<?x4xf32>",
                                      " tensor<4xf32>",
                                      " tensor<f32>",
                                      " tensor<2x3x?x?xf32>",
                                      " tensor<?xi64>",
                                      " i1",
                                      " i64",
                                      " f64",
                                      " : i64",
                                      " : f64",
                                      " array<i64: 1, -1>",
                                      " array<i64>",
                                      " unit",
                                      " true",
                                      " {dim = -1 : i64}",
                                      "<constant, 0.0>",
                                      " ->",
                                      " %x",
                                      " %0",
                                      " %arg0",
                                      " (",
                                      ")",
                                      " {",
                                      " }",
                                      "<",
                                      ">",
                                      "[",
                                      "]",
                                      ",",
                                      " =",
                                      " !esper.optional<tensor<4xf32>>"};
    MLIRContext &context = fuzz::freshEnoughContext();
    for (RegisteredOperationName op : context.getRegisteredOperations())
      if (op.getDialectNamespace() == "esper") {
        found.push_back(" " + op.getStringRef().str());
        found.push_back(" \"" + op.getStringRef().str() + "\"");
        for (StringAttr name : op.getAttributeNames())
          found.push_back(" " + name.str() + " =");
      }
    return found;
  }();
  return all;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize,
                                          unsigned seed) {
  return fuzz::mutateTokens(data, size, maxSize, seed, words());
}

/// Words of the builtin dialect, which esper does not use.
static bool isForeign(StringRef word) {
  return llvm::is_contained({"dense", "dense_resource", "sparse", "opaque", "distinct", "loc",
                             "affine_map", "affine_set", "strided", "vector", "memref", "complex",
                             "tuple", "callsite", "fused"},
                            word);
}

/// Is every word plain: no sections of resources, no hexadecimal blobs, no escapes, no number
/// that is longer than numbers are.
static bool isPlain(StringRef text) {
  if (!llvm::all_of(text, [](char c) { return llvm::isPrint(c) || c == '\n'; }) ||
      text.contains("{-#") || text.contains('\\') || text.size() > 8192)
    return false;
  for (StringRef token : fuzz::tokensOf(text)) {
    token = token.trim();
    if (isForeign(token) || token.starts_with("0x") || token.starts_with("#") ||
        (!token.empty() && llvm::isDigit(token.front()) && token.size() > 40))
      return false;
  }
  return true;
}

/// Through the writer of bytecode and back.
static void requireBytecode(ModuleOp module) {
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  if (failed(writeBytecodeToFile(module, stream)))
    abort();
  auto again = fuzz::import("again.mlirbc", bytes, *module.getContext());
  if (!again || fuzz::printed(*again) != fuzz::printed(module))
    abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  if (!isPlain(text))
    return -1;
  auto module = fuzz::import("net.mlir", text, fuzz::freshEnoughContext());
  if (!module)
    return 0;
  fuzz::requireReadable(*module);
  requireBytecode(*module);
  return 0;
}
