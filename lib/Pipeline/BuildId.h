//===- BuildId.h - Which build of the compiler this is ----------*- C++ -*-===//

#ifndef TEZ_LIB_PIPELINE_BUILDID_H
#define TEZ_LIB_PIPELINE_BUILDID_H

#include <string>

namespace tez {

/// The linker's build ids of our libraries that are loaded; empty where they have
/// none. Two builds of one version may make different kernels.
std::string buildId();

} // namespace tez

#endif // TEZ_LIB_PIPELINE_BUILDID_H
