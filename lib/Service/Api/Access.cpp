//===- Access.cpp ---------------------------------------------------------===//

#include "Access.h"
#include "../JsonText.h"
#include "Fault.h"
#include "tez/Service/Digest.h"

using namespace tez::service;

std::shared_ptr<const std::vector<Token>> Access::current() {
  auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex);
  if (!known || now - readAt > std::chrono::seconds(1)) {
    known = std::make_shared<const std::vector<Token>>(store.tokens());
    readAt = now;
  }
  return known;
}

static Fault unknownCaller(const std::string &text) {
  Fault fault(401, text);
  fault.headers.emplace_back("WWW-Authenticate", "Bearer");
  return fault;
}

static bool hasEnded(const Token &token) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return token.expiresAt &&
         *token.expiresAt <= std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

/// Looks at all tokens whatever the first ones say, so that the time tells nothing.
std::string Access::roleOf(const http::Request &request, const std::vector<Token> &tokens) const {
  constexpr std::string_view scheme = "Bearer ";
  std::string_view header = request.authorization ? *request.authorization : std::string_view();
  if (!header.starts_with(scheme))
    throw unknownCaller("expected the header Authorization: Bearer TOKEN");
  std::string hash = sha256Hex(header.substr(scheme.size()));
  const Token *found = nullptr;
  for (const Token &token : tokens)
    if (equalInConstantTime(hash, token.hash))
      found = &token;
  if (!found)
    throw unknownCaller("the token is unknown here, or was revoked");
  if (hasEnded(*found))
    throw unknownCaller("the token has expired");
  return found->role;
}

/// A page of some other site may be made to ask the registry of its visitor's
/// machine under the site's own name.
static void checkHost(const http::Request &request) {
  std::string host = request.host.value_or("localhost");
  size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos)
    host.resize(colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host != "localhost" && !http::isLoopback(host))
    throw Fault(403, "without tokens the registry answers to names of this machine only, found "
                     "Host: " +
                         quoted(host));
}

static bool allows(const std::string &role, Right right) {
  if (role == "admin" || right == Right::Read)
    return true;
  if (role == "designer")
    return right == Right::Design || right == Right::Retry;
  return role == "worker" && (right == Right::Work || right == Right::Retry);
}

std::string Access::check(const http::Request &request, Right right) {
  if (right == Right::Nothing)
    return "";
  auto tokens = current();
  if (tokens->empty() && loopback) {
    checkHost(request);
    return "admin";
  }
  std::string role = roleOf(request, *tokens);
  if (!allows(role, right))
    throw Fault(403, "a token of the role " + role + " is not for this call");
  return role;
}
