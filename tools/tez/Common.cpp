//===- Common.cpp - What the commands share -------------------------------===//

#include "Subcommands.h"
#include <fstream>
#include <iostream>
#include <sstream>

using namespace tez;

void tool::printError(const std::string &message) { std::cerr << "error: " << message << "\n"; }

void tool::DiagnosticStyle::addTo(CLI::App &command) {
  command
      .add_option_function<std::string>(
          "--diagnostics", [this](const std::string &style) { json = style == "json"; },
          "form of errors and warnings")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
}

void tool::DiagnosticStyle::print(const json::Source &source,
                                  const std::vector<json::Diagnostic> &findings) const {
  for (const json::Diagnostic &finding : findings)
    if (json)
      std::cerr << renderJson(source.name(), finding) << "\n";
    else
      std::cerr << renderText(source, finding);
}

std::optional<std::string> tool::readFile(const std::string &path, std::string &error) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  if (!stream || !(content << stream.rdbuf())) {
    error = path + ": " + std::strerror(errno);
    return std::nullopt;
  }
  return std::move(content).str();
}
