//===- Curl.cpp -----------------------------------------------------------===//

#include "Curl.h"
#include <stdexcept>

using namespace tez;

CURL *worker::freshHandle() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static thread_local std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                                 curl_easy_cleanup);
  if (ready != CURLE_OK || !handle)
    throw std::runtime_error("libcurl does not start");
  curl_easy_reset(handle.get());
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  return handle.get();
}

void worker::setCallbacks(CURL *handle, const Callbacks &callbacks, void *user) {
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callbacks.takeBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, user);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callbacks.takeHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, user);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callbacks.goesOn);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, user);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}
