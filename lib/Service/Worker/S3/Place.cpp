//===- Place.cpp ----------------------------------------------------------===//

#include "Place.h"
#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <stdexcept>

using namespace tez::worker::s3;

static std::string variable(std::initializer_list<const char *> names) {
  for (const char *name : names)
    if (const char *value = std::getenv(name); value && *value)
      return value;
  return "";
}

static std::string needed(const char *name) {
  std::string value = variable({name});
  if (value.empty())
    throw std::runtime_error(std::string("--store=s3://... needs ") + name +
                             " in the environment, which is not set");
  return value;
}

static bool isBucketName(const std::string &name) {
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                  letter == '-' || letter == '.' || letter == '_';
         });
}

/// Only characters that are the same in a path, in its signature and in a listing.
static bool isPrefix(const std::string &text) {
  return !text.starts_with('/') && text.find("//") == std::string::npos &&
         std::ranges::all_of(text, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') ||
                  std::string_view("-_./=").find(letter) != std::string_view::npos;
         });
}

/// With an endpoint the bucket is the first part of the path; at Amazon it is the host's,
/// unless a dot in it would spoil the certificate.
static std::string baseOf(const Place &place) {
  std::string endpoint = variable({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  while (endpoint.ends_with('/'))
    endpoint.pop_back();
  if (endpoint.empty() && place.bucket.find('.') == std::string::npos)
    return "https://" + place.bucket + ".s3." + place.region + ".amazonaws.com/";
  if (endpoint.empty())
    endpoint = "https://s3." + place.region + ".amazonaws.com";
  if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://"))
    throw std::runtime_error(
        "AWS_ENDPOINT_URL: expected http://HOST:PORT or https://HOST:PORT, found " + endpoint);
  return endpoint + "/" + place.bucket + "/";
}

Place tez::worker::s3::placeOf(const std::string &url) {
  std::string rest = url.substr(std::string("s3://").size());
  size_t slash = std::min(rest.find('/'), rest.size());
  Place place;
  place.bucket = rest.substr(0, slash);
  place.prefix = rest.substr(std::min(slash + 1, rest.size()));
  if (!place.prefix.empty() && !place.prefix.ends_with('/'))
    place.prefix += '/';
  if (!isBucketName(place.bucket) || !isPrefix(place.prefix))
    throw std::runtime_error("--store: expected s3://BUCKET[/PREFIX], the bucket of 3 to 63 "
                             "characters a-z 0-9 - . _, the prefix of A-Z a-z 0-9 - _ . = and /, "
                             "found " +
                             url);
  place.accessKey = needed("AWS_ACCESS_KEY_ID");
  place.secretKey = needed("AWS_SECRET_ACCESS_KEY");
  place.sessionToken = variable({"AWS_SESSION_TOKEN"});
  place.caBundle = variable({"AWS_CA_BUNDLE"});
  place.region = variable({"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (place.region.empty())
    place.region = "us-east-1";
  place.base = baseOf(place);
  return place;
}
