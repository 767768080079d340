//===- Metadata.cpp - What a blueprint says beside the network ------------===//

#include "Metadata.h"
#include "tez/Json/Text.h"
#include "llvm/Support/Regex.h"

using namespace tez;
using namespace tez::blueprint;

static bool isDay(int year, int month, int day) {
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  bool isShort = month == 4 || month == 6 || month == 9 || month == 11;
  int last = month == 2 ? 28 + leap : isShort ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= last;
}

/// ISO 8601, a date or a date and a time, with or without an offset. A minute
/// may have a leap second.
static bool isTime(llvm::StringRef text) {
  static constexpr llvm::StringLiteral kPattern =
      "^([0-9]{4})-([0-9]{2})-([0-9]{2})"
      "([Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)([.,][0-9]{1,9})?)?"
      "([Zz]|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?)?$";
  llvm::SmallVector<llvm::StringRef> parts;
  int year, month, day;
  return llvm::Regex(kPattern).match(text, &parts) && !parts[1].getAsInteger(10, year) &&
         !parts[2].getAsInteger(10, month) && !parts[3].getAsInteger(10, day) &&
         isDay(year, month, day);
}

static void readTime(json::Fields &f, std::string_view name, Description &description) {
  std::optional<std::string_view> time = f.optionalString(name);
  if (time && !isTime(*time))
    f.error(name,
            "expected a time as ISO 8601 writes it, found " + json::quote(json::abbreviate(*time)));
  else
    description.text(name, time);
}

/// An object whose members are all numbers (or null: absent).
static void readMetrics(json::Fields &f, Description &description) {
  std::optional<json::Object> metrics = f.optionalObject("performance_metrics");
  if (!metrics)
    return;
  bool good = true;
  for (json::Member member : *metrics)
    good &= member.value.isNull() || json::readNumber(member.value, f.sink());
  if (good)
    description.json("performance_metrics", metrics->value());
  else
    f.fail("performance_metrics");
}

static void readTags(json::Fields &f, Description &description) {
  std::optional<json::Array> tags = f.optionalArray("tags");
  if (!tags)
    return;
  bool good = true;
  for (json::Value tag : *tags)
    good &= bool(json::readString(tag, f.sink()));
  if (good)
    description.json("tags", tags->value());
  else
    f.fail("tags");
}

void tez::blueprint::readCarried(json::Fields &f, Description &description) {
  description.text("state",
                   f.optionalOneOf("state", {"proposed", "compiling", "validating", "characterized",
                                             "deployed", "failed", "archived"}));
  readTime(f, "created_at", description);
  readTime(f, "updated_at", description);
  if (std::optional<json::Object> values = f.optionalObject("hyperparameters"))
    description.json("hyperparameters", values->value());
  readMetrics(f, description);
  readTags(f, description);
  if (std::optional<json::Object> values = f.optionalObject("metadata"))
    description.json("metadata", values->value());
}
