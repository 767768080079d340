//===- Exchange.h - One signed request of S3 --------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_S3_EXCHANGE_H
#define TEZ_LIB_SERVICE_WORKER_S3_EXCHANGE_H

#include "Place.h"
#include "tez/Service/Worker/Retry.h"
#include <atomic>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace tez::worker::s3 {

/// A text, or a piece of a file, which is read while it is sent.
struct Body {
  std::string text, path;
  uint64_t begin = 0, size = 0; ///< of the piece

  static Body of(std::string text);
  static Body of(const std::string &path, uint64_t begin, uint64_t size);
  std::string checksum() const; ///< SHA-256, hexadecimal
};

using Query = std::map<std::string, std::string>; ///< sorted, as signatures want it

struct Request {
  std::string method = "GET", key; ///< the key with its prefix; "": the bucket itself
  Query query;
  std::vector<std::string> headers;
  Body body;
  std::function<void(const char *, size_t)> sink; ///< takes the body of a 200; else it is kept
  bool farewell = false;                          ///< also goes out at the end of the worker
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;
};

/// For several threads.
class Exchange {
public:
  Exchange(const Place &place, const Stop &stop) : place(place), stop(stop) {}

  /// Once. Any answer that is whole; Unavailable where there is none.
  Answer send(const Request &request) const;

  /// How far the server's clock is ahead, to a second.
  int64_t clockOffset() const { return offset; }

private:
  void noteServerTime(int64_t time) const;

  const Place place;
  const Stop &stop;
  mutable std::atomic<int64_t> offset = 0; ///< microseconds
};

/// Base64 of what `digits` are the hexadecimal of.
std::string base64(const std::string &digits);

} // namespace tez::worker::s3

#endif // TEZ_LIB_SERVICE_WORKER_S3_EXCHANGE_H
