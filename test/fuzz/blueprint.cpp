//===- blueprint.cpp - Fuzzes the importers of JSON -----------------------===//
//
// Whatever the text is: no crash, a kernel or an error in its place, and a kernel that can be
// printed and read again.
//
//===----------------------------------------------------------------------===//

#include "Import.h"
#include "Tokens.h"
#include "tez/Blueprint/Layer.h"

using namespace tez;

/// Names of classes; all other words of blueprints are in the corpus.
static const std::vector<std::string> &words() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> found = {"true", "false", "null", "[]", "{}", ",", "\"\""};
    for (const std::string &name : blueprint::layerNames())
      found.insert(found.end(), {"\"" + name + "\"", "\"torch.nn." + name + "\""});
    return found;
  }();
  return all;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize,
                                          unsigned seed) {
  return fuzz::mutateTokens(data, size, maxSize, seed, words());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  if (auto module = fuzz::import("net.json", text, fuzz::freshEnoughContext()))
    fuzz::requireReadable(*module);
  return 0;
}
