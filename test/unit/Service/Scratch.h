//===- Scratch.h - A store in a folder of its own ---------------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_SERVICE_SCRATCH_H
#define TEZ_TEST_UNIT_SERVICE_SCRATCH_H

#include "tez/Service/Store.h"
#include <atomic>
#include <filesystem>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace tez::service {

/// The file outlives the store, so that it can be opened again. The clock that
/// leases run by is turned by hand.
class Scratch : public ::testing::Test {
protected:
  Scratch() {
    std::string pattern = ::testing::TempDir() + "tez-store-XXXXXX";
    folder = mkdtemp(pattern.data());
    open();
  }
  ~Scratch() override {
    store.reset();
    std::filesystem::remove_all(folder);
  }

  void open(const std::string &boot = "first") {
    store.reset();
    store = std::make_unique<Store>(openSqlite(file(), {[this] { return now.load(); }, boot}));
  }
  std::string file() const { return folder + "/registry.db"; }

  /// Posts blueprints of these ids.
  void post(std::initializer_list<const char *> ids) {
    for (const char *id : ids)
      store->createBlueprint({id, "{}", {}});
  }
  Blueprint claimOne(const std::string &worker = "w") { return store->claim({worker}).at(0); }
  static Lease leaseOf(const Blueprint &claimed) {
    return {claimed.id, claimed.worker.value(), claimed.fence};
  }
  static std::string why(const std::function<void()> &action) {
    try {
      action();
    } catch (const Refusal &refusal) {
      return refusal.what();
    }
    return "nothing was refused";
  }

  std::string folder;
  std::atomic<int64_t> now = 1'000'000;
  std::unique_ptr<Store> store;
};

} // namespace tez::service

#endif // TEZ_TEST_UNIT_SERVICE_SCRATCH_H
