//===- Stores.h - A folder, and a bucket ------------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_STORE_STORES_H
#define TEZ_LIB_SERVICE_WORKER_STORE_STORES_H

#include "tez/Service/Worker/ObjectStore.h"

namespace tez::worker {

std::unique_ptr<ObjectStore> makeFolderStore(const std::filesystem::path &folder);

std::unique_ptr<ObjectStore> makeS3Store(const std::string &url, const std::filesystem::path &work,
                                         const Stop &stop);

/// The names of what is kept of a blueprint that no try got through, and its reason.
std::string failedFolderOf(const std::string &blueprintId);
std::string reasonText(const std::string &blueprintId, const Json &why);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_STORE_STORES_H
