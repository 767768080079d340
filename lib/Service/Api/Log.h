//===- Log.h - JSON lines on stderr -----------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_API_LOG_H
#define TEZ_LIB_SERVICE_API_LOG_H

#include "../JsonText.h"
#include "tez/Service/Api.h"
#include "tez/Service/TraceParent.h"

namespace tez::service {

/// Lines {"time", "level", "event", ...}, each whole. A log that cannot be written is no
/// reason to stop. For any number of threads.
class Log {
public:
  explicit Log(LogLevel level) : level(level) {}

  void fault(const std::string &reason) const;
  /// What a call did to a blueprint or kernel; `more` has its fields.
  void change(const char *event, const std::optional<TraceParent> &caller, JsonObject more) const;
  void call(const http::Request &request, const std::string &route, int status,
            double seconds) const;

private:
  const LogLevel level;
};

/// The trace that `blueprint` is in: that of its post, or the one that follows from its id.
std::string traceOf(const Blueprint &blueprint);

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_API_LOG_H
