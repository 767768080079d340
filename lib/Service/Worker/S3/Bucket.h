//===- Bucket.h - Objects of S3 ---------------------------------*- C++ -*-===//
//
// What is here knows S3 and nothing of kernels. All throw Unavailable, which names
// call and key and what the server said, and GivenUp at the end of the worker.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_SERVICE_WORKER_S3_BUCKET_H
#define TEZ_LIB_SERVICE_WORKER_S3_BUCKET_H

#include "Exchange.h"
#include "Place.h"
#include <atomic>
#include <optional>
#include <vector>

namespace tez::worker::s3 {

/// Whether an object that is there already may be overwritten.
enum class Over { Never, Always };

struct Entry {
  std::string key;    ///< without the prefix
  int64_t time = 0;   ///< microseconds since 1970: of the last write, or of the begin
  std::string upload; ///< of an upload that was begun: its id
};

class Bucket {
public:
  Bucket(const Place &place, const Stop &stop) : place(place), exchange(place, stop), stop(stop) {}

  /// False: there is one already, and Over::Never was asked.
  bool put(const std::string &key, Body body, Over over) const;
  /// In parts where it is large: what is in memory does not grow with the file.
  bool putFile(const std::string &key, const std::string &path, Over over) const;

  /// Nothing where there is no such object, or what arrives is not what was put.
  std::optional<std::string> get(const std::string &key) const;
  /// SHA-256 of what a reader gets; "" where there is no object.
  std::string checksumOf(const std::string &key) const;
  bool exists(const std::string &key) const;

  /// All objects whose key begins with `prefix`.
  std::vector<Entry> list(const std::string &prefix) const;
  std::vector<Entry> begunUploads() const;
  void remove(const std::string &key) const;
  void abort(const std::string &key, const std::string &upload) const;

  /// Microseconds since 1970 by the server's clock, as far as its answers told.
  int64_t serverTime() const;
  std::string nameOf(const std::string &key) const; ///< s3://...

private:
  /// How the elements of a listing are called, and what leads to its next page.
  struct Listing {
    const char *entry, *time;
    std::vector<std::pair<const char *, const char *>> next; ///< parameter, element
  };

  Request about(const char *method, const std::string &key) const;
  std::string describe(const Request &request) const;
  [[noreturn]] void fail(const Request &request, const Answer &answer) const;
  Answer once(const Request &request) const; ///< throws what can pass
  Answer ask(const Request &request) const;  ///< again, while it can
  bool mayWrite(Request &request, const std::string &key, Over over) const;
  bool write(const Request &request, const std::string &key, Over over) const;
  std::vector<Entry> listAll(Query query, const Listing &listing) const;

  std::string begin(const std::string &key, const std::string &checksum) const;
  std::string putParts(const std::string &key, const std::string &path, uint64_t size,
                       const std::string &upload) const;
  std::string putPart(const std::string &key, const std::string &upload, int number,
                      Body piece) const;
  bool complete(const std::string &key, const std::string &upload, const std::string &parts,
                Over over) const;
  void abortQuietly(const std::string &key, const std::string &upload) const;

  const Place place;
  const Exchange exchange;
  const Stop &stop;
  mutable std::atomic<bool> knowsConditions = true;
};

} // namespace tez::worker::s3

#endif // TEZ_LIB_SERVICE_WORKER_S3_BUCKET_H
