//===- AtenCall.cpp -------------------------------------------------------===//

#include "tez/Dialect/Esper/AtenCall.h"

using namespace tez::esper;

void AtenCall::set(llvm::StringRef pattern, llvm::ArrayRef<AtenArg> args, int64_t spatialRank) {
  name = pattern.str();
  if (size_t at = name.find('#'); at != std::string::npos)
    name.replace(at, 1, std::to_string(spatialRank));
  arguments.assign(args.begin(), args.end());
}
