//===- tez-registry.cpp - `tez serve` and `tez token` ---------------------===//

#include "Commands.h"
#include "tez/Support/Version.h"
#include <csignal>
#include <iostream>
#include <sys/stat.h>

using namespace tez;

void tool::addDatabaseOption(CLI::App &command, std::string &place) {
  command
      .add_option("--db", place,
                  "SQLite file, made where there is none, or postgresql://USER@HOST/NAME")
      ->capture_default_str();
}

int main(int argc, char **argv) {
  CLI::App app(
      "The registry of blueprints and kernels.\nExit codes: 0 done; 2 usage; 4 environment "
      "(database, network).",
      "tez");
  app.set_version_flag("--version", std::string("tez ") + version);
  app.require_subcommand(1);
  tool::addServe(app);
  tool::addToken(app);
  umask(077); // the database holds what tokens are checked by
  std::signal(SIGPIPE, SIG_IGN);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : tool::usageError;
  } catch (const std::exception &error) {
    std::cerr << "error: " << error.what() << "\n";
    return tool::environmentError;
  }
  return 0;
}
