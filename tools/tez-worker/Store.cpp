//===- Store.cpp - tez sweep ----------------------------------------------===//

#include "Options.h"
#include "tez/Service/Worker/ObjectStore.h"
#include <iostream>

using namespace tez;

namespace {
struct Sweep {
  std::string store, work;
  unsigned age = 86'400; ///< seconds
};
} // namespace

static void run(const Sweep &sweep) {
  worker::Stop stop;
  auto store = worker::openStore(sweep.store, sweep.work, stop);
  for (const std::string &swept : store->sweep(std::chrono::seconds(sweep.age)))
    std::cout << swept << std::endl;
}

void tool::addStoreCommands(CLI::App &app) {
  auto sweep = std::make_shared<Sweep>();
  CLI::App *command = app.add_subcommand(
      "sweep", "remove what dead workers left in a store: kernels without metadata, begun uploads");
  addStoreOptions(*command, sweep->store, sweep->work);
  command
      ->add_option("--older-than", sweep->age,
                   "seconds that nobody has touched it: more than any job takes")
      ->capture_default_str();
  command->callback([=] { run(*sweep); });
}
