//===- Intact.cpp - Whether a request came as it was sent -----------------===//

#include "../JsonText.h"
#include "Door.h"
#include "tez/Service/Digest.h"

using namespace tez::service;

static Fault changed(const std::string &what) {
  return {400, what + ": the request was changed on its way; nothing was done"};
}

/// A proxy may have taken something off the front, and may encode otherwise.
static bool sameTarget(std::string_view sent, std::string_view found) {
  return percentDecoded(sent, false).ends_with(percentDecoded(found, false));
}

/// "POST /path?query", and the traceparent where there is one.
static void checkHead(const http::Request &request) {
  std::string_view sent = *request.sentAs;
  size_t method = sent.find(' '), target = sent.find(' ', method + 1);
  bool traced = target != std::string_view::npos;
  if (method == std::string_view::npos || sent.substr(0, method) != request.method ||
      !sameTarget(sent.substr(method + 1, target - method - 1), request.target) ||
      (traced ? sent.substr(target + 1) : "") != request.traceparent.value_or(""))
    throw changed(
        "X-Tez-Request: expected what was sent, " + quoted(sent) + ", found " +
        quoted(request.method + " " + request.target + " " + request.traceparent.value_or("")));
}

void tez::service::checkIntact(const http::Request &request) {
  if (request.contentDigest && contradicts(*request.contentDigest, request.body))
    throw changed("Content-Digest: expected a body with " + quoted(*request.contentDigest) +
                  ", found " + contentDigest(request.body));
  if (request.sentAs)
    checkHead(request);
}
