//===- Options.h - What tez-worker is told ----------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_WORKER_OPTIONS_H
#define TEZ_TOOLS_TEZ_WORKER_OPTIONS_H

#include "tez/Service/Worker/Worker.h"
#include <CLI/CLI.hpp>

namespace tez::tool {

/// `--registry`.
void addRegistryOption(CLI::App &command, std::string &url);

/// The registry at `url`, with the token of the environment.
worker::Client::Options clientOptions(std::string url);

/// submit, status, retry. `exitCode` becomes 1 where the registry refused something.
void addQueueCommands(CLI::App &app, int &exitCode);

/// `--store` and `--work`.
void addStoreOptions(CLI::App &command, std::string &store, std::string &work);

/// sweep.
void addStoreCommands(CLI::App &app);

void addWorkerOptions(CLI::App &command, worker::WorkerOptions &options);

/// What the environment says: name, the compiler beside this program.
/// Throws what is wrong with it.
void complete(worker::WorkerOptions &options);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_WORKER_OPTIONS_H
