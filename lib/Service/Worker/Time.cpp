//===- Time.cpp -----------------------------------------------------------===//

#include "tez/Service/Worker/Time.h"
#include <cctype>
#include <chrono>
#include <cstdio>
#include <ctime>

using namespace tez;

static constexpr int64_t second = 1'000'000;

int64_t worker::microsecondsNow() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string worker::timeText(int64_t microseconds) {
  time_t seconds = microseconds / second;
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// The digits from `at` on, as microseconds; `at` moves behind them.
static int64_t fraction(const char *&at) {
  int64_t value = 0, unit = second;
  for (++at; std::isdigit((unsigned char)*at); ++at)
    value += (unit /= 10) * (*at - '0');
  return value;
}

/// What the rest says of the offset, in seconds.
static std::optional<int64_t> offsetOf(const char *text) {
  if (!*text || (*text == 'Z' && !text[1]))
    return 0;
  unsigned hours = 0, minutes = 0;
  int used = 0;
  bool whole = (*text == '+' || *text == '-') &&
               (sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &used) == 2 ||
                sscanf(text + 1, "%2u%2u%n", &hours, &minutes, &used) == 2) &&
               !text[1 + used] && hours < 24 && minutes < 60;
  if (!whole)
    return std::nullopt;
  return (*text == '-' ? -1 : 1) * int64_t(hours * 3600 + minutes * 60);
}

std::optional<int64_t> worker::parseTime(const std::string &text) {
  tm parts{};
  char separator = 0;
  int used = 0;
  if (sscanf(text.c_str(), "%4d-%2d-%2d%c%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
             &parts.tm_mday, &separator, &parts.tm_hour, &parts.tm_min, &parts.tm_sec,
             &used) != 7 ||
      (separator != 'T' && separator != ' '))
    return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const char *rest = text.c_str() + used;
  int64_t part = *rest == '.' ? fraction(rest) : 0;
  std::optional<int64_t> offset = offsetOf(rest);
  if (!offset)
    return std::nullopt;
  return (timegm(&parts) - *offset) * second + part;
}
