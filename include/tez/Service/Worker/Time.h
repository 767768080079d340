//===- Time.h - Times in JSON -----------------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_TIME_H
#define TEZ_SERVICE_WORKER_TIME_H

#include <cstdint>
#include <optional>
#include <string>

namespace tez::worker {

/// Since 1970.
int64_t microsecondsNow();

/// 2026-11-27T00:00:00Z
std::string timeText(int64_t microseconds);

/// ISO 8601 with `T` or a space, with or without a fraction, with `Z`,
/// `+02:00`, `+0200` or nothing, which is UTC. Nothing for any other text.
std::optional<int64_t> parseTime(const std::string &text);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_TIME_H
