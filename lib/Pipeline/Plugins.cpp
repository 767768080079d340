//===- Plugins.cpp - Passes from elsewhere --------------------------------===//

#include "Plugins.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/ADT/StringSet.h"
#include <mutex>

using namespace mlir;
using namespace tez;

llvm::Error tez::loadPassPlugins(llvm::ArrayRef<std::string> files) {
  static std::mutex mutex;
  static llvm::StringSet<> loaded; // a pass that is registered twice aborts the process
  std::lock_guard lock(mutex);
  for (const std::string &file : files) {
    if (loaded.contains(file))
      continue;
    llvm::Expected<PassPlugin> plugin = PassPlugin::load(file);
    if (!plugin)
      return plugin.takeError();
    plugin->registerPassRegistryCallbacks();
    loaded.insert(file);
  }
  return llvm::Error::success();
}

llvm::Error tez::addPassesByFlag(OpPassManager &passes, llvm::ArrayRef<std::string> flags) {
  for (StringRef flag : flags) {
    std::string problem;
    llvm::raw_string_ostream stream(problem);
    if (failed(parsePassPipeline(flag, passes, stream)))
      return llvm::createStringError("--plugin-pass=" + flag + ": " +
                                     StringRef(problem).trim().str());
  }
  return llvm::Error::success();
}
