//===- Registries.h - With leases, and without ------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_REGISTRIES_H
#define TEZ_LIB_SERVICE_WORKER_REGISTRIES_H

#include "tez/Service/Worker/Registry.h"

namespace tez::worker {

std::unique_ptr<Registry> makeLeasedRegistry(Connection &connection, const std::string &worker,
                                             int64_t leaseSeconds);

/// The older registry: no leases, faults of its own (docs/worker.md).
std::unique_ptr<Registry> makePolledRegistry(Connection &connection);

/// The path of a blueprint, percent-encoded; `end`: "/status" and its kin.
inline std::string pathOf(const std::string &id, const char *end) {
  return "/internal/v1/blueprints/" + encoded(id) + end;
}

/// What a registry keeps of a reason: whole characters, at most 4,000 bytes.
std::string shortened(const std::string &reason);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_REGISTRIES_H
