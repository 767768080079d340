//===- Client.cpp ---------------------------------------------------------===//

#include "tez/Service/Worker/Client.h"
#include "Curl.h"
#include "Telemetry/Trace.h"
#include "tez/Service/Digest.h"
#include <optional>

using namespace tez;
using namespace tez::worker;

namespace {
struct Transfer {
  HttpAnswer answer;
  size_t mostBytes;
  const Stop *stop; ///< none: the call is itself a part of the end
  Milliseconds grace;
  bool tooLong = false;
};
} // namespace

static size_t takeBody(char *bytes, size_t, size_t size, void *user) {
  auto *transfer = static_cast<Transfer *>(user);
  transfer->tooLong = transfer->answer.body.size() + size > transfer->mostBytes;
  if (transfer->tooLong)
    return 0;
  transfer->answer.body.append(bytes, size);
  return size;
}

/// The value, where the header `line` has this name and a colon.
static std::optional<std::string> valueOf(const std::string &line, const std::string &name) {
  if (!curl_strnequal(line.c_str(), name.c_str(), name.size()))
    return std::nullopt;
  size_t begin = std::min(line.find_first_not_of(" \t", name.size()), line.size()),
         end = line.find_last_not_of(" \t\r\n") + 1;
  return line.substr(begin, end > begin ? end - begin : 0);
}

static size_t takeHeader(char *bytes, size_t, size_t size, void *user) {
  HttpAnswer &answer = static_cast<Transfer *>(user)->answer;
  std::string line(bytes, size);
  if (auto date = valueOf(line, "date:")) {
    time_t seconds = curl_getdate(date->c_str(), nullptr);
    answer.serverTime = seconds < 0 ? 0 : int64_t(seconds) * 1'000'000;
  } else if (auto digest = valueOf(line, "content-digest:"))
    answer.digest = *digest;
  return size;
}

static int goesOn(void *user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto *transfer = static_cast<Transfer *>(user);
  return transfer->stop && transfer->stop->asked(transfer->grace);
}

Client::Client(Options given, const Stop &stop) : options(std::move(given)), stop(stop) {}

static void addHeaders(HeaderLines &headers, const Client::Options &options,
                       const std::string &call, const std::string &body) {
  headers.add("Accept: application/json");
  headers.add("Expect:"); // no round trip before a body
  headers.add("Want-Content-Digest: sha-256=1");
  if (!body.empty()) {
    headers.add("Content-Type: application/json");
    headers.add("Content-Digest: " + service::contentDigest(body));
  }
  if (!options.token.empty())
    headers.add("Authorization: Bearer " + options.token);
  const Trace *trace = Trace::current();
  if (trace)
    headers.add("traceparent: " + trace->parent());
  headers.add("X-Tez-Request: " + call + (trace ? " " + trace->parent() : ""));
}

/// A server that has told a digest tells it always.
void Client::checkDigest(const std::string &call, const HttpAnswer &answer) const {
  if (answer.digest.empty() ? bool(tellsDigests) : service::contradicts(answer.digest, answer.body))
    throw Unavailable(call + ": the answer was changed on its way, expected a body with the " +
                      "Content-Digest " + (answer.digest.empty() ? "(lost)" : answer.digest) +
                      ", found " + service::contentDigest(answer.body));
  if (!answer.digest.empty())
    tellsDigests = true;
}

static void setLimits(CURL *handle, const Client::Options &options, bool farewell) {
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   long((farewell ? options.farewell : options.connect).count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                   long((farewell ? options.farewell : options.whole).count()));
}

HttpAnswer Client::call(const std::string &method, const std::string &path, const std::string &body,
                        const std::vector<std::string> &more) const {
  bool farewell = stop.asked();
  Transfer transfer{{}, options.mostBytes, farewell ? nullptr : &stop, options.grace};
  CURL *handle = freshHandle();
  HeaderLines headers;
  addHeaders(headers, options, method + " " + path, body);
  for (const std::string &line : more)
    headers.add(line);
  setCallbacks(handle, {takeBody, takeHeader, goesOn}, &transfer);
  setLimits(handle, options, farewell);
  curl_easy_setopt(handle, CURLOPT_URL, (options.base + path).c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (!body.empty()) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
  }
  CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_ABORTED_BY_CALLBACK)
    throw GivenUp();
  if (code != CURLE_OK)
    throw Unavailable(method + " " + options.base + path + ": " +
                      (transfer.tooLong ? "an answer of more than " +
                                              std::to_string(options.mostBytes >> 20) + " MiB"
                                        : curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  transfer.answer.status = int(status);
  checkDigest(method + " " + options.base + path, transfer.answer);
  return std::move(transfer.answer);
}

std::string tez::worker::encoded(const std::string &text) {
  std::unique_ptr<char, decltype(&curl_free)> out(
      curl_easy_escape(nullptr, text.data(), int(text.size())), curl_free);
  return out ? out.get() : "";
}
