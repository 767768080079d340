//===- Choose.cpp - tez choose --------------------------------------------===//

#include "Subcommands.h"
#include "tez/Artifact/Archive.h"
#include "tez/Pipeline/Portfolio.h"
#include <filesystem>
#include <iostream>
#include <memory>

using namespace tez;
namespace fs = std::filesystem;

namespace {
/// The command line of one `tez choose`.
struct ChooseCommand {
  std::string folder, purpose = "infer";
  Wish wish;
  tool::DiagnosticStyle style;

  void addTo(CLI::App &command);
  Outcome run();

private:
  std::optional<Portfolio> readPortfolio() const;
};
} // namespace

void ChooseCommand::addTo(CLI::App &command) {
  command.add_option("PORTFOLIO", folder, "folder of a portfolio, with its index.json")->required();
  command.add_option("--for", purpose, "what the kernel is for (infer)")
      ->check(CLI::IsMember({"train", "infer"}));
  command.add_option("--max-drop", wish.maxDrop, "infer: largest drop (0: fp32 only)")
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--batch", wish.batch, "infer: batch of the calls (1)")
      ->check(tool::wholeNumber());
  style.addTo(command);
}

std::optional<Portfolio> ChooseCommand::readPortfolio() const {
  std::string path = (fs::path(folder) / indexFile.str()).string(), problem;
  std::optional<std::string> text = tool::readFile(path, problem);
  if (!text)
    return tool::printError(problem), std::nullopt;
  json::Source source(path, std::move(*text));
  json::DiagnosticList findings;
  std::optional<Portfolio> portfolio = readIndex(source, findings);
  style.print(source, findings.all());
  return portfolio;
}

/// An index and its files may come from different places, or different runs.
static Outcome verify(const std::string &path, const PortfolioEntry &entry) {
  std::string problem;
  std::optional<std::string> bytes = tool::readFile(path, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  std::string found = sha256(*bytes);
  if (found != entry.sha256)
    return tool::printError(path + ": is not the file that the index describes: expected sha256 " +
                            entry.sha256 + ", found " + found),
           Outcome::Environment;
  return Outcome::Done;
}

Outcome ChooseCommand::run() {
  wish.purpose = purpose == "train" ? Purpose::Train : Purpose::Infer;
  std::optional<Portfolio> portfolio = readPortfolio();
  if (!portfolio)
    return Outcome::Environment;
  llvm::Expected<const PortfolioEntry *> entry = choose(*portfolio, wish);
  if (!entry)
    return tool::printError(llvm::toString(entry.takeError())), Outcome::Usage;
  std::string path = (fs::path(folder) / fileOf((*entry)->member)).string();
  if (Outcome wrong = verify(path, **entry); wrong != Outcome::Done)
    return wrong;
  std::cout << path << "\n";
  return Outcome::Done;
}

void tool::addChoose(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<ChooseCommand>();
  CLI::App *sub = app.add_subcommand("choose", "choose a kernel of a portfolio");
  sub->footer("Exit: 0 its path is printed, 2 usage or no kernel fits, 4 a file is not what it "
              "should be.");
  command->addTo(*sub);
  sub->callback([command, &outcome] { outcome = command->run(); });
}
