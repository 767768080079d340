//===- Bucket.cpp ---------------------------------------------------------===//

#include "Bucket.h"
#include "../Files.h"
#include "Xml.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Time.h"
#include <filesystem>

using namespace tez;
using namespace tez::worker;
using namespace tez::worker::s3;

static constexpr Backoff between{Milliseconds(200), Milliseconds(2000)};
static constexpr unsigned mostAttempts = 3; ///< of one request

static bool mayPass(const Answer &answer) {
  return answer.status == 408 || answer.status == 429 || answer.status == 500 ||
         (answer.status >= 502 && answer.status <= 504);
}

std::string Bucket::nameOf(const std::string &key) const {
  return "s3://" + place.bucket + "/" + place.prefix + key;
}

std::string Bucket::describe(const Request &request) const {
  return request.method + " s3://" + place.bucket + "/" + request.key;
}

void Bucket::fail(const Request &request, const Answer &answer) const {
  std::string text = describe(request) + " answered " + std::to_string(answer.status);
  for (const char *part : {"Code", "Message"})
    if (std::string said = textOf(answer.body, part); !said.empty())
      text += ": " + said.substr(0, 500);
  throw Unavailable(text);
}

Answer Bucket::once(const Request &request) const {
  Answer answer;
  try {
    answer = exchange.send(request);
  } catch (const Unavailable &fault) {
    throw Unavailable(describe(request) + ": " + fault.what());
  }
  if (mayPass(answer))
    fail(request, answer);
  return answer;
}

Answer Bucket::ask(const Request &request) const {
  Answer answer;
  retry(mostAttempts, between, stop, [&] { answer = once(request); });
  return answer;
}

Request Bucket::about(const char *method, const std::string &key) const {
  Request request;
  request.method = method;
  request.key = place.prefix + key;
  return request;
}

/// Servers keep it with the object and tell it with each answer, whatever other sums they know.
static const std::string sumHeader = "x-amz-meta-sha256";

bool Bucket::mayWrite(Request &request, const std::string &key, Over over) const {
  if (over == Over::Always)
    return true;
  if (!knowsConditions)
    return !exists(key);
  request.headers.emplace_back("If-None-Match: *");
  return true;
}

bool Bucket::write(const Request &plain, const std::string &key, Over over) const {
  Request request = plain;
  if (!mayWrite(request, key, over))
    return false;
  Answer answer = ask(request);
  if (answer.status == 501 && over == Over::Never && knowsConditions.exchange(false))
    return write(plain, key, over); // a server without conditions: look first, then
  if (answer.status == 412)
    return false;
  // Completing an upload may fail behind a 200.
  if (answer.status != 200 || !textOf(answer.body, "Code").empty())
    fail(request, answer);
  return true;
}

bool Bucket::put(const std::string &key, Body body, Over over) const {
  Request request = about("PUT", key);
  std::string checksum = body.checksum();
  request.headers = {"Content-Type: application/octet-stream", sumHeader + ": " + checksum,
                     "x-amz-checksum-sha256: " + base64(checksum)};
  request.body = std::move(body);
  return write(request, key, over);
}

std::optional<std::string> Bucket::get(const std::string &key) const {
  Request request = about("GET", key);
  for (unsigned i = 0; i < mostAttempts; ++i) { // a bit may flip under way
    Answer answer = ask(request);
    if (answer.status == 404)
      return std::nullopt;
    if (answer.status != 200)
      fail(request, answer);
    auto sum = answer.headers.find(sumHeader);
    if (sum == answer.headers.end() || sum->second == service::sha256Hex(answer.body))
      return std::move(answer.body);
  }
  return std::nullopt;
}

std::string Bucket::checksumOf(const std::string &key) const {
  Request request = about("GET", key);
  Answer answer;
  std::optional<service::Sha256> hash;
  request.sink = [&](const char *bytes, size_t size) { hash->update({bytes, size}); };
  retry(mostAttempts, between, stop, [&] {
    hash.emplace();
    answer = once(request);
  });
  if (answer.status == 404)
    return "";
  if (answer.status != 200)
    fail(request, answer);
  return hash->hex();
}

bool Bucket::exists(const std::string &key) const {
  Request request = about("HEAD", key);
  Answer answer = ask(request);
  if (answer.status != 200 && answer.status != 404)
    fail(request, answer);
  return answer.status == 200;
}

void Bucket::remove(const std::string &key) const {
  Request request = about("DELETE", key);
  Answer answer = ask(request);
  if (answer.status != 204 && answer.status != 200 && answer.status != 404)
    fail(request, answer);
}

std::vector<Entry> Bucket::list(const std::string &prefix) const {
  return listAll({{"list-type", "2"}, {"prefix", place.prefix + prefix}},
                 {.entry = "Contents",
                  .time = "LastModified",
                  .next = {{"continuation-token", "NextContinuationToken"}}});
}

std::vector<Entry> Bucket::begunUploads() const {
  return listAll(
      {{"uploads", ""}, {"prefix", place.prefix}},
      {.entry = "Upload",
       .time = "Initiated",
       .next = {{"key-marker", "NextKeyMarker"}, {"upload-id-marker", "NextUploadIdMarker"}}});
}

std::vector<Entry> Bucket::listAll(Query query, const Listing &listing) const {
  std::vector<Entry> found;
  for (bool more = true; more;) {
    Request request;
    request.query = query;
    Answer answer = ask(request);
    if (answer.status != 200)
      fail(request, answer);
    for (std::string_view entry : elements(answer.body, listing.entry))
      if (std::string key = textOf(entry, "Key"); key.starts_with(place.prefix))
        found.push_back({key.substr(place.prefix.size()),
                         parseTime(textOf(entry, listing.time)).value_or(microsecondsNow()),
                         textOf(entry, "UploadId")});
    more = textOf(answer.body, "IsTruncated") == "true";
    Query before = query;
    for (const auto &[parameter, element] : listing.next)
      query[parameter] = textOf(answer.body, element);
    if (more && query == before)
      throw Unavailable(describe(request) + ": the listing does not go on");
  }
  return found;
}

int64_t Bucket::serverTime() const { return microsecondsNow() + exchange.clockOffset(); }
