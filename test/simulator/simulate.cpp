//===- simulate.cpp - The queue under every kind of fault, seed by seed ---===//
//
//   simulate [SEEDS] [FIRST]      10,000 from 1 on; a seed that fails is told, and repeats
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include <atomic>
#include <filesystem>
#include <iostream>
#include <stdlib.h>
#include <thread>
#include <vector>

using namespace tez::simulator;
namespace fs = std::filesystem;

static constexpr uint64_t seedsOfAFile = 200; ///< then a fresh one: it grows

/// In memory where that is a folder: what is on a disk is not the question here.
static fs::path scratch() {
  std::string pattern = (fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string()) +
                        std::string("/tez-simulate-XXXXXX");
  return mkdtemp(pattern.data());
}

namespace {
struct Seeds {
  std::atomic<uint64_t> next;
  uint64_t end;
  std::atomic<uint64_t> failed = 0;
  Tally tally;
};
} // namespace

static void runOne(uint64_t seed, Queue &queue, int64_t &now, Seeds &seeds) {
  try {
    now = simulate(seed, now, queue);
  } catch (const Violation &violation) {
    std::cerr << "seed " + std::to_string(seed) + ": " + violation.what() + "\n";
    ++seeds.failed;
    seeds.next = seeds.end;
  }
}

static void runSome(Seeds &seeds) {
  while (seeds.next < seeds.end) {
    fs::path folder = scratch();
    {
      Queue queue((folder / "queue.db").string(), seeds.tally);
      int64_t now = 1'000'000;
      for (uint64_t i = 0, seed; i < seedsOfAFile && (seed = seeds.next++) < seeds.end; ++i)
        runOne(seed, queue, now, seeds);
    }
    fs::remove_all(folder);
  }
}

/// What happened how often; false when something never did, though there were many seeds.
static bool tell(const Tally &tally, uint64_t count) {
  bool all = true;
  for (auto [what, often] : std::initializer_list<std::pair<const char *, uint64_t>>{
           {"claims", tally.claims},
           {"leases that ended", tally.endedLeases},
           {"calls refused", tally.refusals},
           {"calls that came twice", tally.repeats},
           {"tries that failed", tally.failures},
           {"dead letters", tally.deadLetters}}) {
    std::cout << often << " " << what << "\n";
    all &= often > 0 || count < 100;
  }
  return all;
}

int main(int argc, char **argv) {
  uint64_t count = argc > 1 ? std::stoull(argv[1]) : 10'000;
  uint64_t first = argc > 2 ? std::stoull(argv[2]) : 1;
  Seeds seeds{.next = first, .end = first + count, .failed = 0, .tally = {}};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back([&] { runSome(seeds); });
  for (std::thread &thread : threads)
    thread.join();
  if (!tell(seeds.tally, count) || seeds.failed != 0)
    return 1;
  std::cout << count << " seeds, nothing violated\n";
  return 0;
}
