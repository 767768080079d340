//===- Locations.cpp - Where in the blueprint an op comes from ------------===//

#include "tez/Blueprint/NetBuilder.h"
#include "tez/Json/Document.h"

using namespace mlir;

Location tez::blueprint::locationOf(MLIRContext *context, const json::Value &place) {
  json::Position position = place.position();
  Location at = FileLineColLoc::get(context, place.document().source().name(), position.line,
                                    position.column);
  at = NameLoc::get(StringAttr::get(context, place.pointer()), at);
  return NameLoc::get(StringAttr::get(context, place.path()), at);
}

std::string tez::blueprint::joinPath(llvm::StringRef path, llvm::StringRef name) {
  if (path.empty() || name.empty())
    return (path + name).str();
  return (path + "." + name).str();
}
