//===- Records.h - What the registry keeps ----------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_RECORDS_H
#define TEZ_SERVICE_RECORDS_H

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tez::service {

inline constexpr std::array<std::string_view, 4> blueprintStatuses = {"unvalidated", "compiling",
                                                                      "validated", "invalid"};
inline constexpr std::array<std::string_view, 4> kernelStatuses = {"validated", "invalid",
                                                                   "testing", "deployed"};
inline constexpr std::array<std::string_view, 4> roles = {"reader", "designer", "worker", "admin"};

/// JSON values (metadata, validation_report) are kept as the text they came in.
struct NewBlueprint {
  std::string id, architectureIr;
  std::optional<std::string> metadata;
  /// The W3C header of the call that posts it, if it has one; no part of the content.
  std::optional<std::string> traceparent = {};
};

/// Times are microseconds since 1970.
struct Blueprint : NewBlueprint {
  int64_t seq = 0; ///< order of arrival
  std::string status;
  int64_t createdAt = 0, updatedAt = 0;
  std::optional<std::string> worker; ///< who holds the lease
  int64_t fence = 0;                 ///< counts the claims
  int64_t tries = 0;                 ///< that ended badly, the one under way included
  std::optional<std::string> reason; ///< of the last bad end
  bool deadLetter = false;           ///< invalid, because no try came to an end
};

struct NewKernel {
  std::string id, blueprintId, status, pipeline, binaryRef, report;
  std::optional<std::string> traceparent = {}; ///< as a blueprint's
};

struct Kernel : NewKernel {
  int64_t seq = 0;
  int64_t createdAt = 0, updatedAt = 0;
};

struct Token {
  std::string name, role, hash;
  int64_t createdAt = 0;
  std::optional<int64_t> expiresAt;
};

/// A part of a list, in order of arrival. It may be shorter than asked for, so
/// that an answer fits into memory; `next` is there as long as more may follow.
template <typename Record> struct Page {
  std::vector<Record> records;
  std::optional<int64_t> next;
};

template <typename Record> struct Posted {
  Record record;
  bool created; ///< false: it was there already, with the same content
};

/// The request is at fault, not the registry.
struct Refusal : std::runtime_error {
  enum class Kind { NotFound, Conflict };
  Refusal(Kind kind, const std::string &text) : std::runtime_error(text), kind(kind) {}
  Kind kind;
};

} // namespace tez::service

#endif // TEZ_SERVICE_RECORDS_H
