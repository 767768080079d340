//===- Place.h - Which bucket, and as whom ----------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_S3_PLACE_H
#define TEZ_LIB_SERVICE_WORKER_S3_PLACE_H

#include <string>

namespace tez::worker::s3 {

struct Place {
  std::string base;           ///< URL in front of a key, ends with /
  std::string bucket, prefix; ///< the prefix is "" or ends with /
  std::string region, accessKey, secretKey, sessionToken, caBundle;
};

/// Of s3://BUCKET[/PREFIX] and the environment: AWS_ACCESS_KEY_ID,
/// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION or AWS_DEFAULT_REGION,
/// AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_CA_BUNDLE. Throws what is wrong.
Place placeOf(const std::string &url);

} // namespace tez::worker::s3

#endif // TEZ_LIB_SERVICE_WORKER_S3_PLACE_H
