//===- Door.h - What comes in is looked at first ----------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_API_DOOR_H
#define TEZ_LIB_SERVICE_API_DOOR_H

#include "Fault.h"
#include "tez/Json/Document.h"
#include "tez/Json/Fields.h"
#include "tez/Service/Http.h"

namespace tez::service {

/// Between `%` and text. Throws 400 for what is no encoding.
std::string percentDecoded(std::string_view text, bool plusIsBlank);

/// Throws 400 where the body does not have the Content-Digest (RFC 9530, sha-256) that was sent
/// with it, or the rest is not what X-Tez-Request repeats. Who sends neither is not checked.
void checkIntact(const http::Request &request);

/// The parameters behind `?`. Each is taken by its name; finish() refuses the rest.
class Query {
public:
  explicit Query(std::string_view text);

  std::optional<std::string> take(std::string_view name);
  std::optional<std::string> oneOf(std::string_view name, std::span<const std::string_view> words);
  std::optional<int64_t> integer(std::string_view name, int64_t least, int64_t most);
  void finish() const;

private:
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> asked;
};

/// A body that is one JSON object, read by the strict reader. Throws 415, 400
/// (no JSON) and, from finish(), 422 with all that is wrong with it.
class Body {
public:
  explicit Body(const http::Request &request);

  std::string id(std::string_view name, size_t most); ///< fits into a path
  std::string text(std::string_view name, size_t least, size_t most);
  std::optional<std::string> optionalText(std::string_view name, size_t most);
  std::string oneOf(std::string_view name, std::span<const std::string_view> words);
  int64_t integer(std::string_view name, int64_t least, int64_t most);
  int64_t integerOr(std::string_view name, int64_t fallback, int64_t least, int64_t most);
  std::string object(std::string_view name); ///< as it stands
  std::optional<std::string> optionalObject(std::string_view name);
  void finish();

private:
  std::optional<int64_t> whole(std::string_view name, json::IntegerRange range);

  json::Source source;
  json::DiagnosticList faults;
  std::unique_ptr<json::Document> document;
  std::unique_ptr<json::Fields> fields;
};

/// What is wrong with an id, or nothing: 1 to `most` printable characters
/// without `/`, and not `.` or `..`, which no URL can name.
std::string faultOfId(std::string_view id, size_t most);

inline constexpr size_t mostBlueprintId = 64, mostKernelId = 128, mostWorker = 128;
inline constexpr size_t mostReason = 4096, mostPipeline = 32, mostBinaryRef = 2048;

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_API_DOOR_H
