//===- TraceParent.h - One job, followed through all parts ------*- C++ -*-===//

#ifndef TEZ_SERVICE_TRACEPARENT_H
#define TEZ_SERVICE_TRACEPARENT_H

#include <optional>
#include <string>
#include <string_view>

namespace tez::service {

/// The header of W3C Trace Context: of which trace a call is a part, and who makes it.
struct TraceParent {
  std::string trace; ///< 32 hexadecimal digits, not all 0
  std::string span;  ///< 16

  std::string text() const { return "00-" + trace + "-" + span + "-01"; }
};

/// Nothing for what is none, which the recommendation says to ignore. Of later versions
/// the part that is known.
std::optional<TraceParent> parseTraceParent(std::string_view text);

/// The trace of a blueprint that came without one follows from its id, so that those who
/// handle it need not tell each other.
std::string traceIdOf(const std::string &blueprintId);

/// 16 digits that nobody else has.
std::string newSpan();

} // namespace tez::service

#endif // TEZ_SERVICE_TRACEPARENT_H
