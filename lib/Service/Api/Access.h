//===- Access.h - Who may do what -------------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_API_ACCESS_H
#define TEZ_LIB_SERVICE_API_ACCESS_H

#include "tez/Service/Http.h"
#include "tez/Service/Store.h"
#include <chrono>
#include <mutex>

namespace tez::service {

/// What a call needs.
enum class Right : uint8_t {
  Nothing, ///< holds no data: the page, the description
  Read,
  Design, ///< posts blueprints
  Retry,  ///< sets a status; who only designs may set `unvalidated`
  Work,
};

/// For any number of threads.
class Access {
public:
  Access(Store &store, bool loopback) : store(store), loopback(loopback) {}

  /// The role that the request acts in; throws 401 or 403. Without any token
  /// everybody on this machine is an admin.
  std::string check(const http::Request &request, Right right);

private:
  std::shared_ptr<const std::vector<Token>> current();
  std::string roleOf(const http::Request &request, const std::vector<Token> &tokens) const;

  Store &store;
  bool loopback;
  std::mutex mutex;
  std::shared_ptr<const std::vector<Token>> known; ///< of at most a second ago
  std::chrono::steady_clock::time_point readAt;
};

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_API_ACCESS_H
