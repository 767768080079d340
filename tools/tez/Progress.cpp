//===- Progress.cpp -------------------------------------------------------===//

#include "Progress.h"
#include <iostream>
#include <unistd.h>

using namespace tez::tool;

static constexpr size_t barWidth = 30;

Progress::Progress(size_t total) : total(total), terminal(isatty(STDERR_FILENO)) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (terminal && total > 1)
    std::cerr << "\r\033[K" << std::flush;
}

void Progress::draw(const std::string &item) {
  size_t filled = barWidth * finished / total;
  std::cerr << "\r\033[K[" << std::string(filled, '=') << std::string(barWidth - filled, ' ')
            << "] " << finished << "/" << total;
  if (failed)
    std::cerr << ", " << failed << " refused";
  std::cerr << "  " << item.substr(0, 40) << std::flush;
}

void Progress::done(const std::string &item, bool success) {
  ++finished;
  failed += !success;
  if (total <= 1)
    return;
  if (terminal)
    draw(item);
  else
    std::cerr << "[" << finished << "/" << total << "] " << item << (success ? "" : ": refused")
              << "\n";
}
