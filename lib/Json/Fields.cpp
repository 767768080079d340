//===- Fields.cpp - Which fields were asked for, given and wrong ----------===//

#include "tez/Json/Fields.h"

#include "tez/Json/Document.h"
#include "tez/Json/Text.h"

#include <algorithm>

using namespace tez::json;

/// finish() reports so many unknown fields one by one.
static constexpr size_t kUnknownReported = 16;

Fields::Fields(const Object &object, DiagnosticSink &sink, Nulls nulls)
    : holder(object.value()), diagnostics(&sink), state(State::Present), nulls(nulls), good(true) {
  parts.push_back({object, std::vector<bool>(object.size())});
}

Fields::Fields(const Value &holder, State state, std::vector<std::string> absentNames,
               DiagnosticSink &sink, Nulls nulls)
    : holder(holder), diagnostics(&sink), absentNames(std::move(absentNames)), state(state),
      nulls(nulls), good(state != State::Broken) {}

void Fields::alsoFrom(const Object &other) {
  parts.push_back({other, std::vector<bool>(other.size())});
}

//===----------------------------------------------------------------------===//
// Finding a field
//===----------------------------------------------------------------------===//

bool Fields::isKnown(std::string_view name) const {
  return std::find(asked.begin(), asked.end(), name) != asked.end();
}

bool Fields::isFaulty(std::string_view name) const {
  return std::find(faulty.begin(), faulty.end(), name) != faulty.end();
}

void Fields::markFaulty(std::string_view name) {
  good = false;
  if (!isFaulty(name))
    faulty.emplace_back(name);
}

/// The value of the field as the first part has it; marks it as known in all.
std::optional<Value> Fields::take(std::string_view name) {
  if (!isKnown(name))
    asked.emplace_back(name);
  std::optional<Value> found;
  for (Part &part : parts) {
    size_t position = 0;
    for (Member member : part.object) {
      size_t at = position++;
      if (member.key != name)
        continue;
      part.taken[at] = true;
      if (found && !isFaulty(name)) {
        reportKey(*diagnostics, Severity::Error, member.value,
                  "expected each field once, found it also in " + found->path());
        markFaulty(name);
      }
      if (!found)
        found = member.value;
      break;
    }
  }
  return found;
}

std::optional<Value> Fields::fetch(std::string_view name, Presence presence) {
  std::optional<Value> found = take(name);
  if (state == State::Broken || isFaulty(name))
    return std::nullopt;
  bool nullIsAbsent = presence == Presence::Optional && nulls == Nulls::MeanAbsent;
  if (found && found->isNull() && nullIsAbsent)
    return std::nullopt;
  if (!found && presence == Presence::Required)
    reportMissing(name);
  return found;
}

std::optional<Kind> Fields::kind(std::string_view name) {
  if (!isKnown(name))
    asked.emplace_back(name);
  for (const Part &part : parts)
    if (std::optional<Value> found = part.object.find(name))
      return found->isNull() && nulls == Nulls::MeanAbsent ? std::nullopt
                                                           : std::optional(found->kind());
  return std::nullopt;
}

bool Fields::has(std::string_view name) { return kind(name).has_value(); }

std::optional<Value> Fields::raw(std::string_view name) {
  std::optional<Value> found = take(name);
  return isFaulty(name) ? std::nullopt : found;
}

std::optional<Value> Fields::value(std::string_view name) {
  return fetch(name, Presence::Required);
}

//===----------------------------------------------------------------------===//
// Objects inside this one
//===----------------------------------------------------------------------===//

Fields Fields::openChild(std::string_view name, Presence presence, Nulls childNulls) {
  std::optional<Value> found = fetch(name, presence);
  std::optional<Object> object = found ? readObject(*found, *diagnostics) : std::nullopt;
  if (object)
    return Fields(*object, *diagnostics, childNulls);
  if (found)
    markFaulty(name);
  bool absent =
      !found && presence == Presence::Optional && state != State::Broken && !isFaulty(name);
  std::vector<std::string> way = absentNames;
  way.emplace_back(name);
  return Fields(holder, absent ? State::Absent : State::Broken, std::move(way), *diagnostics,
                childNulls);
}

Fields Fields::child(std::string_view name, Nulls childNulls) {
  return openChild(name, Presence::Required, childNulls);
}

Fields Fields::childOrEmpty(std::string_view name, Nulls childNulls) {
  return openChild(name, Presence::Optional, childNulls);
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

namespace {
/// Hands reports on with the names of a field that is not there.
struct Renamed : DiagnosticSink {
  DiagnosticSink &to;
  std::string path, pointer;
  explicit Renamed(DiagnosticSink &to) : to(to) {}
  bool wantsMore(Severity severity) const override { return to.wantsMore(severity); }
  void report(Diagnostic diagnostic) override {
    diagnostic.path = path;
    diagnostic.pointer = pointer;
    to.report(std::move(diagnostic));
  }
};
} // namespace

void Fields::reportAtHolder(Severity severity, std::string_view name, std::string message,
                            std::string hint) {
  Renamed sink(*diagnostics);
  sink.path = holder.path();
  sink.pointer = holder.pointer();
  for (const std::string &step : absentNames)
    appendField(sink.path, sink.pointer, step);
  appendField(sink.path, sink.pointer, name);
  report(sink, severity, holder, std::move(message), std::move(hint));
}

void Fields::reportMissing(std::string_view name) {
  markFaulty(name);
  reportAtHolder(Severity::Error, name, "required field is missing", {});
}

void Fields::error(std::string_view name, std::string message, std::string hint) {
  std::optional<Value> found = take(name);
  bool silent = isFaulty(name) || state == State::Broken;
  markFaulty(name);
  if (silent)
    return;
  if (found)
    report(*diagnostics, Severity::Error, *found, std::move(message), std::move(hint));
  else
    reportAtHolder(Severity::Error, name, std::move(message), std::move(hint));
}

void Fields::warning(std::string_view name, std::string message, std::string hint) {
  if (std::optional<Value> found = take(name))
    report(*diagnostics, Severity::Warning, *found, std::move(message), std::move(hint));
  else if (state != State::Broken)
    reportAtHolder(Severity::Warning, name, std::move(message), std::move(hint));
}

void Fields::refuse(std::string_view name, std::string reason) {
  std::optional<Value> found = take(name);
  bool absent = !found || (found->isNull() && nulls == Nulls::MeanAbsent);
  if (absent || isFaulty(name))
    return;
  reportKey(*diagnostics, Severity::Error, *found, std::move(reason));
  markFaulty(name);
}

void Fields::reportUnknown(const Part &part, size_t &budget) {
  std::vector<std::string_view> known(asked.begin(), asked.end());
  size_t position = 0;
  for (Member member : part.object) {
    if (part.taken[position++])
      continue;
    good = false;
    if (budget == 0)
      return;
    std::string more = --budget == 0 ? "; more of them may follow" : "";
    // Looked at and left alone: a field that another field's value makes void.
    if (isKnown(member.key)) {
      reportKey(*diagnostics, Severity::Error, member.value, "field does not apply here" + more);
      continue;
    }
    std::string hint = didYouMean(member.key, known);
    if (hint.empty() && !known.empty())
      hint = "known here: " + quotedList(known, 24);
    reportKey(*diagnostics, Severity::Error, member.value, "unknown field" + more, hint);
  }
}

bool Fields::finish() {
  size_t budget = kUnknownReported;
  for (const Part &part : parts)
    reportUnknown(part, budget);
  return good;
}
