//===- Log.cpp ------------------------------------------------------------===//

#include "Log.h"
#include "Telemetry/Trace.h"
#include "tez/Service/Worker/Time.h"
#include <unistd.h>

using namespace tez;

void worker::log(const char *level, const char *event, const Json &fields) {
  Json line = {{"time", timeText(microsecondsNow())}, {"level", level}, {"event", event}};
  if (const Trace *trace = Trace::current())
    line.update({{"trace_id", trace->id()}, {"span_id", trace->span()}});
  line.update(fields);
  std::string text = toText(line) + "\n";
  // One write: lines of several threads and processes do not mix. A log that
  // cannot be written is no reason to stop.
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}
