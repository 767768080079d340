//===- Log.h - JSON lines on stderr -----------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_LOG_H
#define TEZ_LIB_SERVICE_WORKER_LOG_H

#include "tez/Service/Worker/Json.h"

namespace tez::worker {

/// One line {"time", "level", "event", ...fields}, whole also among threads.
void log(const char *level, const char *event, const Json &fields = Json::object());

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_LOG_H
