//===- Common.cpp - What the commands share -------------------------------===//

#include "Subcommands.h"
#include "tez/Support/AtomicFile.h"
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace tez;
namespace fs = std::filesystem;

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

CLI::Validator tool::wholeNumber(uint64_t most) {
  return CLI::Validator(
      [most](const std::string &text) {
        uint64_t value = 0;
        const char *end = text.data() + text.size();
        auto [stop, fault] = std::from_chars(text.data(), end, value);
        bool fits = fault == std::errc() && stop == end && value <= most;
        return fits ? ""
                    : "expected a whole number of at most " + std::to_string(most) + ", found " +
                          text;
      },
      "UINT");
}

Outcome tool::writeTogether(const std::vector<std::pair<std::string, llvm::StringRef>> &contents) {
  auto fail = [](llvm::Error error) {
    return printError(llvm::toString(std::move(error))), Outcome::Environment;
  };
  std::vector<PendingFile> files;
  for (const auto &[path, content] : contents) {
    llvm::Expected<PendingFile> file = PendingFile::write(path, content);
    if (!file)
      return fail(file.takeError());
    files.push_back(std::move(*file));
  }
  for (PendingFile &file : files)
    if (llvm::Error error = file.commit())
      return fail(std::move(error));
  return Outcome::Done;
}

bool tool::sameFile(const std::string &a, const std::string &b) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (a.empty() || b.empty())
    return false;
  return fs::equivalent(a, b, failed) ||
         fs::absolute(a, failed).lexically_normal() == fs::absolute(b, failed).lexically_normal();
}

/// A pipe or device could go on for ever.
static std::string faultOfFile(const std::string &path) {
  constexpr uintmax_t largest = uintmax_t(1) << 35;
  std::error_code code;
  fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found)
    return std::strerror(ENOENT);
  if (status.type() != fs::file_type::regular)
    return code ? code.message() : "is not a regular file";
  uintmax_t size = fs::file_size(path, code);
  if (code)
    return code.message();
  return size <= largest
             ? ""
             : "takes " + std::to_string(size) + " bytes, the limit is " + std::to_string(largest);
}

std::optional<std::string> tool::readFile(const std::string &path, std::string &error) {
  std::string fault = faultOfFile(path);
  std::ifstream stream;
  std::ostringstream content;
  if (fault.empty()) {
    stream.open(path, std::ios::binary);
    if (!stream || (stream.peek() != EOF && !(content << stream.rdbuf())))
      fault = std::strerror(errno);
  }
  if (fault.empty())
    return std::move(content).str();
  error = path + ": " + fault;
  return std::nullopt;
}
