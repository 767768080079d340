//===- Tokens.h - Mutates text by words rather than bytes -------*- C++ -*-===//
//
// A byte changed in JSON or MLIR is a syntax error nearly always, and then what comes behind
// the reader is never tried.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TEST_FUZZ_TOKENS_H
#define TEZ_TEST_FUZZ_TOKENS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace tez::fuzz {

/// Strings with their quotes, numbers, words and single other characters; the whitespace in
/// front of each belongs to it. All together are `text`.
std::vector<llvm::StringRef> tokensOf(llvm::StringRef text);

/// What LLVMFuzzerCustomMutator has to do; `words` are put in, spelled as they must stand.
size_t mutateTokens(uint8_t *data, size_t size, size_t maxSize, unsigned seed,
                    llvm::ArrayRef<std::string> words);

} // namespace tez::fuzz

#endif // TEZ_TEST_FUZZ_TOKENS_H
