//===- Upload.cpp - A file that is put in parts ---------------------------===//

#include "../Files.h"
#include "Bucket.h"
#include "Xml.h"
#include <algorithm>
#include <filesystem>

using namespace tez::worker;
using namespace tez::worker::s3;

static constexpr uint64_t smallestPart = uint64_t(8) << 20;
static constexpr uint64_t mostParts = 10'000; ///< S3 takes no more

static uint64_t partSizeOf(uint64_t size) {
  uint64_t piece = uint64_t(1) << 20, needed = (size + mostParts - 1) / mostParts;
  return std::max(smallestPart, (needed + piece - 1) / piece * piece);
}

bool Bucket::putFile(const std::string &key, const std::string &path, Over over) const {
  uint64_t size = std::filesystem::file_size(path);
  if (size <= smallestPart)
    return put(key, Body::of(path, 0, size), over);
  std::string upload = begin(key, worker::checksumOf(path));
  try {
    return complete(key, upload, putParts(key, path, size, upload), over);
  } catch (...) {
    abortQuietly(key, upload);
    throw;
  }
}

std::string Bucket::begin(const std::string &key, const std::string &checksum) const {
  Request request = about("POST", key);
  request.query = {{"uploads", ""}};
  request.headers = {"Content-Type: application/octet-stream", "x-amz-checksum-algorithm: SHA256",
                     "x-amz-meta-sha256: " + checksum};
  Answer answer = ask(request);
  std::string upload = textOf(answer.body, "UploadId");
  if (answer.status != 200 || upload.empty())
    fail(request, answer);
  return upload;
}

/// What completing says of the parts.
std::string Bucket::putParts(const std::string &key, const std::string &path, uint64_t size,
                             const std::string &upload) const {
  std::string parts;
  uint64_t step = partSizeOf(size);
  int number = 1;
  for (uint64_t at = 0; at < size; at += step)
    parts += putPart(key, upload, number++, Body::of(path, at, std::min(step, size - at)));
  return parts;
}

std::string Bucket::putPart(const std::string &key, const std::string &upload, int number,
                            Body piece) const {
  std::string sum = base64(piece.checksum());
  Request request = about("PUT", key);
  request.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload}};
  request.headers = {"Content-Type: application/octet-stream", "x-amz-checksum-sha256: " + sum};
  request.body = std::move(piece);
  Answer answer = ask(request);
  std::string tag = answer.headers["etag"];
  if (answer.status != 200 || tag.empty())
    fail(request, answer);
  // Servers that know nothing of such sums refuse them here.
  bool known = answer.headers["x-amz-checksum-sha256"] == sum;
  return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + escaped(tag) +
         "</ETag>" + (known ? "<ChecksumSHA256>" + sum + "</ChecksumSHA256>" : "") + "</Part>";
}

bool Bucket::complete(const std::string &key, const std::string &upload, const std::string &parts,
                      Over over) const {
  Request request = about("POST", key);
  request.query = {{"uploadId", upload}};
  request.headers = {"Content-Type: application/xml"};
  request.body =
      Body::of("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
               parts + "</CompleteMultipartUpload>");
  bool made = write(request, key, over);
  if (!made)
    abortQuietly(key, upload);
  return made;
}

/// What stays all the same, sweep finds.
void Bucket::abortQuietly(const std::string &key, const std::string &upload) const {
  try {
    abort(key, upload);
  } catch (const Unavailable &) {
  }
}

void Bucket::abort(const std::string &key, const std::string &upload) const {
  Request request = about("DELETE", key);
  request.query = {{"uploadId", upload}};
  request.farewell = true;
  Answer answer = once(request);
  if (answer.status != 204 && answer.status != 200 && answer.status != 404)
    fail(request, answer);
}
