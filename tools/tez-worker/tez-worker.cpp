//===- tez-worker.cpp - `tez worker` and its queue ------------------------===//

#include "Options.h"
#include "tez/Support/Version.h"
#include <csignal>
#include <iostream>
#include <thread>
#include <unistd.h>

using namespace tez;

// The exit codes of tez (README.md).
static constexpr int usageError = 2, environmentError = 4;

/// From now on SIGTERM and SIGINT ask for the end. What hangs then is left: its claims run out.
static void endOnSignals(worker::Stop &stop) {
  static sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr); // for all threads that are started later
  std::thread([&stop] {
    int number = 0;
    sigwait(&ends, &number);
    stop.ask();
    std::this_thread::sleep_for(std::chrono::seconds(9));
    _exit(0);
  }).detach();
}

int main(int argc, char **argv) {
  CLI::App app(
      "What is done with a registry from outside.\nExit codes: 0 done; 1 the registry refused "
      "something; 2 usage; 4 environment (registry, store, compiler).",
      "tez");
  app.set_version_flag("--version", std::string("tez ") + version);
  app.require_subcommand(1);
  int exitCode = 0;
  tool::addQueueCommands(app, exitCode);
  tool::addStoreCommands(app);
  worker::WorkerOptions options;
  CLI::App *work = app.add_subcommand("worker", "turn a registry's blueprints into kernels");
  tool::addWorkerOptions(*work, options);
  std::signal(SIGPIPE, SIG_IGN);
  static worker::Stop stop; // the thread that waits for signals outlives main
  try {
    app.parse(argc, argv);
    if (*work) {
      tool::complete(options);
      endOnSignals(stop);
      worker::runWorker(options, stop);
    }
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : usageError;
  } catch (const worker::GivenUp &) { // the end was asked for before it began
    return 0;
  } catch (const std::exception &error) {
    std::cerr << "error: " << error.what() << "\n";
    return environmentError;
  }
  return exitCode;
}
