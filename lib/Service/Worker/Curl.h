//===- Curl.h - What calls over libcurl share -------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_CURL_H
#define TEZ_LIB_SERVICE_WORKER_CURL_H

#include <curl/curl.h>
#include <memory>
#include <string>

namespace tez::worker {

/// Lines to send; a line `Name:` keeps libcurl from sending its own.
class HeaderLines {
public:
  HeaderLines() = default;
  HeaderLines(const HeaderLines &) = delete;
  HeaderLines &operator=(const HeaderLines &) = delete;
  ~HeaderLines() { curl_slist_free_all(list); }

  void add(const std::string &line) { list = curl_slist_append(list, line.c_str()); }
  curl_slist *get() const { return list; }

private:
  curl_slist *list = nullptr;
};

/// This thread's, with nothing of the call before but its connections.
CURL *freshHandle();

/// What a call tells of itself while it runs, each with `user`.
struct Callbacks {
  curl_write_callback takeBody, takeHeader;
  curl_xferinfo_callback goesOn; ///< not 0: the call ends
};
void setCallbacks(CURL *handle, const Callbacks &callbacks, void *user);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_CURL_H
