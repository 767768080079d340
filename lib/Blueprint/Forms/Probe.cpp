//===- Probe.cpp - What may crash is tried in a child ---------------------===//

#include "Probe.h"
#include "tez/Support/ChildProcess.h"

using namespace tez;

bool blueprint::survives(llvm::function_ref<void()> action) {
  ChildEnd end = runInChild([&] { return action(), std::string(); }, {});
  return end.kind == ChildEnd::Done || end.kind == ChildEnd::NotBorn; // no child: then without
}

std::optional<std::string> blueprint::resultOf(llvm::function_ref<std::string()> action,
                                               size_t most) {
  ChildEnd end = runInChild(action, {.mostOutput = most});
  return end.kind == ChildEnd::Done ? std::optional(std::move(end.output)) : std::nullopt;
}
