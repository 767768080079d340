//===- Jobs.cpp - tez jobs: a process that stays warm ---------------------===//
//
// Loading torch and filling its tables takes a second, compiling a small kernel a tenth of
// one. So whoever compiles many gives them to one process, line by line.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Subcommands.h"
#include "tez/Json/Document.h"
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <unistd.h>

using namespace tez;
using Json = nlohmann::ordered_json;

static constexpr size_t mostBytes = size_t(1) << 20; ///< of a line

namespace {
/// Takes what goes to a descriptor, child processes' output included.
class Capture {
public:
  explicit Capture(int descriptor)
      : descriptor(descriptor), before(::dup(descriptor)),
        memory(::memfd_create("output", MFD_CLOEXEC)) {
    ::dup2(memory, descriptor);
  }
  Capture(const Capture &) = delete;
  Capture &operator=(const Capture &) = delete;
  ~Capture() {
    ::dup2(before, descriptor);
    ::close(before);
    ::close(memory);
  }
  bool works() const { return before >= 0 && memory >= 0; }
  std::string text() const {
    std::string text(size_t(::lseek(memory, 0, SEEK_END)), '\0');
    ssize_t got = ::pread(memory, text.data(), text.size(), 0);
    text.resize(size_t(std::max<ssize_t>(got, 0)));
    return text;
  }

private:
  int descriptor, before, memory;
};

/// The words of a line, or what is wrong with it.
struct Words {
  std::vector<std::string> all;
  std::string fault;
};
} // namespace

static void flushAll() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
}

static Words wordsOf(const std::string &line) {
  json::Source source("line", line);
  json::DiagnosticList findings;
  auto document = json::Document::parse(source, findings, {.maxBytes = mostBytes, .maxDepth = 2});
  if (!document)
    return {{}, findings.all().front().message};
  Words words;
  auto array = document->root().array();
  if (!array || array->empty())
    return {{}, "found " + describe(document->root()) + ", expected an array of words"};
  for (json::Value value : *array) {
    auto word = value.string();
    if (!word)
      return {{}, value.path() + " is " + describe(value) + ", expected a string"};
    words.all.emplace_back(*word);
  }
  if (words.all.front() == "jobs")
    return {{}, "a job cannot be \"jobs\""};
  return words;
}

static Json runJob(const std::string &line) {
  Words words = wordsOf(line);
  if (!words.fault.empty())
    return {{"exit", int(Outcome::Usage)}, {"stdout", ""}, {"stderr", "error: " + words.fault}};
  Capture output(STDOUT_FILENO), messages(STDERR_FILENO);
  if (!output.works() || !messages.works())
    return {{"exit", int(Outcome::Environment)},
            {"stdout", ""},
            {"stderr", "error: no memory for the output of a job"}};
  int code = tool::runCommand(words.all);
  flushAll();
  return {{"exit", code}, {"stdout", output.text()}, {"stderr", messages.text()}};
}

/// Standard input as it was; jobs find it empty, or one that reads it would take the others'.
static FILE *takeInput() {
  int commands = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::close(nothing);
  return ::fdopen(commands, "r");
}

static bool readLine(FILE *input, std::string &line) {
  line.clear();
  int next = std::getc(input);
  for (; next != EOF && next != '\n'; next = std::getc(input))
    if (line.size() <= mostBytes) // one more says that there are more
      line.push_back(char(next));
  return next != EOF || !line.empty();
}

int tool::runJobs() {
  FILE *input = takeInput();
  if (!input)
    return tool::printError("there is no standard input"), int(Outcome::Environment);
  std::string line;
  while (readLine(input, line)) {
    // What a path or a message holds need not be UTF-8.
    std::cout << runJob(line).dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
    flushAll();
  }
  return int(Outcome::Done);
}

void tool::addJobs(CLI::App &app, Outcome &outcome) {
  CLI::App *sub = app.add_subcommand("jobs", "run many commands in one process, which stays warm");
  sub->footer(
      "Standard input holds one command a line, as a JSON array of its words:\n"
      "  [\"compile\", \"net.json\", \"-o\", \"net.pt\"]\n"
      "Standard output answers each, in order, with a line {\"exit\", \"stdout\", \"stderr\"}.\n"
      "It ends with its input. A command that ends the process ends all.");
  sub->callback([&outcome] { outcome = Outcome(runJobs()); });
}
