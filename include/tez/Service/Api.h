//===- Api.h - The calls of the registry ------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_API_H
#define TEZ_SERVICE_API_H

#include "tez/Service/Http.h"
#include "tez/Service/Store.h"

namespace tez::service {

/// What goes to the log: faults of the registry's own; also what calls change; also each call.
enum class LogLevel { Errors, Changes, Calls };

struct ApiOptions {
  /// Without any token everybody may do everything, if nobody from another
  /// machine can ask.
  bool loopback = true;
  LogLevel log = LogLevel::Errors;
  std::chrono::seconds longestWait{30}; ///< of a claim that finds nothing
};

/// Answers from `store`, which must outlive it.
std::unique_ptr<http::Service> makeApi(Store &store, const ApiOptions &options);

} // namespace tez::service

#endif // TEZ_SERVICE_API_H
