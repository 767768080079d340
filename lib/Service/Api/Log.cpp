//===- Log.cpp - JSON lines on stderr -------------------------------------===//

#include "Log.h"
#include <unistd.h>

using namespace tez::service;

static int64_t microsecondsNow() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

/// One write: lines of several threads do not mix.
static void write(const char *severity, const char *event, const JsonObject &fields) {
  JsonObject line;
  line.time("time", microsecondsNow()).text("level", severity).text("event", event);
  std::string text = line.with(fields).done() + "\n";
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

void Log::fault(const std::string &reason) const {
  JsonObject fields;
  write("error", "fault", fields.text("reason", reason));
}

void Log::change(const char *event, const std::optional<TraceParent> &caller,
                 JsonObject more) const {
  if (level < LogLevel::Changes)
    return;
  if (caller)
    more.text("parent_span_id", caller->span);
  write("info", event, more);
}

void Log::call(const http::Request &request, const std::string &route, int status,
               double seconds) const {
  if (level < LogLevel::Calls)
    return;
  JsonObject fields;
  fields.text("method", request.method).text("route", route).number("status", status);
  fields.number("microseconds", int64_t(seconds * 1e6));
  if (auto caller = parseTraceParent(request.traceparent.value_or("")))
    fields.text("trace_id", caller->trace).text("parent_span_id", caller->span);
  write("info", "call", fields);
}

std::string tez::service::traceOf(const Blueprint &blueprint) {
  auto parent = parseTraceParent(blueprint.traceparent.value_or(""));
  return parent ? parent->trace : traceIdOf(blueprint.id);
}
