//===- Exchange.cpp - By libcurl, which signs (SIGV4) ---------------------===//

#include "Exchange.h"
#include "../Curl.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Client.h"
#include "tez/Service/Worker/Time.h"
#include <algorithm>
#include <fstream>
#include <openssl/evp.h>

using namespace tez;
using namespace tez::worker;
using namespace tez::worker::s3;

static constexpr size_t mostKept = size_t(16) << 20; ///< of an answer that is not streamed
static constexpr Milliseconds connectTime{5000}, grace{2000}, farewellTime{3000};
static constexpr long slowestBytes = 1024, slowestSeconds = 20; ///< below that it has stalled

Body Body::of(std::string text) {
  Body body;
  body.size = text.size();
  body.text = std::move(text);
  return body;
}

Body Body::of(const std::string &path, uint64_t begin, uint64_t size) {
  return {{}, path, begin, size};
}

std::string Body::checksum() const {
  if (path.empty())
    return service::sha256Hex(text);
  service::Sha256 hash;
  std::ifstream file(path, std::ios::binary);
  file.seekg(std::streamoff(begin));
  std::vector<char> piece(size_t(1) << 16);
  for (uint64_t left = size; left > 0;) {
    file.read(piece.data(), std::streamsize(std::min<uint64_t>(left, piece.size())));
    if (file.gcount() <= 0)
      throw Unavailable(path + ": cannot be read to its end");
    hash.update({piece.data(), size_t(file.gcount())});
    left -= uint64_t(file.gcount());
  }
  return hash.hex();
}

std::string s3::base64(const std::string &digits) {
  std::vector<unsigned char> bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<unsigned char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  text.resize(size_t(EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()), bytes.data(),
                                     int(bytes.size()))));
  return text;
}

namespace {
/// What libcurl's callbacks work on.
struct Transfer {
  const Request &request;
  const Stop &stop;
  Answer answer;
  std::ifstream file;
  uint64_t sent = 0;
  bool tooLong = false;
};
} // namespace

static size_t giveBody(char *out, size_t, size_t most, void *user) {
  auto &transfer = *static_cast<Transfer *>(user);
  const Body &body = transfer.request.body;
  size_t size = size_t(std::min<uint64_t>(most, body.size - transfer.sent));
  if (body.path.empty())
    std::copy_n(body.text.data() + transfer.sent, size, out);
  else if (size > 0 && !transfer.file.read(out, std::streamsize(size)))
    return CURL_READFUNC_ABORT;
  transfer.sent += size;
  return size;
}

/// A connection that was kept turns out to be dead: libcurl sends the body again.
static int rewindBody(void *user, curl_off_t to, int) {
  auto &transfer = *static_cast<Transfer *>(user);
  transfer.sent = uint64_t(to);
  transfer.file.clear();
  transfer.file.seekg(std::streamoff(transfer.request.body.begin + transfer.sent));
  return transfer.file || transfer.request.body.path.empty() ? CURL_SEEKFUNC_OK
                                                             : CURL_SEEKFUNC_FAIL;
}

static size_t takeBody(char *bytes, size_t, size_t size, void *user) {
  auto &transfer = *static_cast<Transfer *>(user);
  if (transfer.request.sink && transfer.answer.status == 200) {
    transfer.request.sink(bytes, size);
    return size;
  }
  transfer.tooLong = transfer.answer.body.size() + size > mostKept;
  if (transfer.tooLong)
    return 0;
  transfer.answer.body.append(bytes, size);
  return size;
}

static size_t takeHeader(char *bytes, size_t, size_t size, void *user) {
  auto &answer = static_cast<Transfer *>(user)->answer;
  std::string line(bytes, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n'))
    line.pop_back();
  if (line.starts_with("HTTP/")) { // also of an interim answer: the last counts
    answer.headers.clear();
    answer.status = std::atoi(line.c_str() + std::min(line.find(' '), line.size()));
  } else if (size_t colon = line.find(':'); colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    size_t begin = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    answer.headers[name] = line.substr(begin);
  }
  return size;
}

static int goesOn(void *user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto &transfer = *static_cast<Transfer *>(user);
  return !transfer.request.farewell && transfer.stop.asked(grace);
}

static std::string urlOf(const Place &place, const Request &request) {
  std::string url = place.base;
  for (size_t at = 0; at < request.key.size();) { // each part by itself: / stays
    size_t end = std::min(request.key.find('/', at), request.key.size());
    url += encoded(request.key.substr(at, end - at)) + (end < request.key.size() ? "/" : "");
    at = end + 1;
  }
  char separator = '?';
  for (const auto &[name, value] : request.query) {
    url += separator + encoded(name) + "=" + encoded(value);
    separator = '&';
  }
  return url;
}

static void addHeaders(HeaderLines &headers, const Place &place, const Request &request) {
  // No line `Name:` here: libcurl 7.88 signs it and does not send it.
  headers.add("x-amz-content-sha256: " + request.body.checksum());
  if (!place.sessionToken.empty())
    headers.add("x-amz-security-token: " + place.sessionToken);
  for (const std::string &line : request.headers)
    headers.add(line);
}

static void sign(CURL *handle, const Place &place) {
  curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, ("aws:amz:" + place.region + ":s3").c_str());
  curl_easy_setopt(handle, CURLOPT_USERNAME, place.accessKey.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, place.secretKey.c_str());
  if (!place.caBundle.empty())
    curl_easy_setopt(handle, CURLOPT_CAINFO, place.caBundle.c_str());
}

static void setMethod(CURL *handle, const Request &request) {
  auto size = curl_off_t(request.body.size);
  if (request.method == "PUT") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, size);
  } else if (request.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, size);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.text.data());
  } else if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

static void setTransfer(CURL *handle, Transfer &transfer) {
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, giveBody);
  curl_easy_setopt(handle, CURLOPT_READDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, rewindBody);
  curl_easy_setopt(handle, CURLOPT_SEEKDATA, &transfer);
  setCallbacks(handle, {takeBody, takeHeader, goesOn}, &transfer);
}

static void setLimits(CURL *handle, bool farewell) {
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   long((farewell ? farewellTime : connectTime).count()));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, slowestBytes);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, slowestSeconds);
  if (farewell)
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, long(farewellTime.count()));
}

static void open(Transfer &transfer) {
  const Body &body = transfer.request.body;
  if (body.path.empty())
    return;
  transfer.file.open(body.path, std::ios::binary);
  if (!transfer.file.seekg(std::streamoff(body.begin)))
    throw Unavailable(body.path + ": cannot be read");
}

void Exchange::noteServerTime(int64_t time) const { offset = time - microsecondsNow(); }

Answer Exchange::send(const Request &request) const {
  CURL *handle = freshHandle();
  Transfer transfer{.request = request, .stop = stop, .answer = {}, .file = {}};
  open(transfer);
  HeaderLines headers;
  addHeaders(headers, place, request);
  sign(handle, place);
  setMethod(handle, request);
  setTransfer(handle, transfer);
  setLimits(handle, request.farewell);
  curl_easy_setopt(handle, CURLOPT_URL, urlOf(place, request).c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_ABORTED_BY_CALLBACK && transfer.stop.asked(grace))
    throw GivenUp();
  if (code != CURLE_OK)
    throw Unavailable(transfer.tooLong ? "an answer of more than 16 MiB"
                                       : curl_easy_strerror(code));
  if (time_t time = curl_getdate(transfer.answer.headers["date"].c_str(), nullptr); time > 0)
    noteServerTime(int64_t(time) * 1'000'000);
  return std::move(transfer.answer);
}
