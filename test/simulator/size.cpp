//===- size.cpp - How many workers for how many blueprints a day ----------===//
//
//   size [SEED] < docs/measured/service.csv      prints the table of docs/sizing.md
//
// Blueprints arrive at random all through the day. Each is claimed, compiled by a
// lane and stored; every call waits its turn at the registry, every byte at the
// store's line. How long each takes is what was measured.
//
//===----------------------------------------------------------------------===//

#include "World.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <iostream>
#include <sstream>
#include <vector>

using namespace tez::simulator;

namespace {
/// One job as it was measured: seconds in the compiler, calls, bytes.
struct Job {
  double compile, calls, bytes;
};

/// Serves one after the other, at a rate.
struct Line {
  double perSecond, freeAt = 0, busy = 0;
  /// When what arrives at `now` (seconds) is served.
  double serve(double now, double amount) {
    double length = amount / perSecond;
    busy += length;
    return freeAt = std::max(now, freeAt) + length;
  }
};

struct Site {
  double callsPerSecond, bytesPerSecond; ///< of the registry; of the store
};

struct Result {
  double registryLoad, storeLoad, lanesLoad, waited; ///< waited: seconds, 95 of 100
};

/// A stretch of a day with so many blueprints and lanes; the world counts microseconds.
class Day {
public:
  Day(uint64_t seed, const Site &site, const std::vector<Job> &jobs, double perDay, int lanes)
      : world(seed, 0), registry{site.callsPerSecond}, store{site.bytesPerSecond}, jobs(jobs),
        gap(86'400e6 / perDay), idle(lanes), lanes(lanes) {}

  Result run(int blueprints) {
    left = blueprints;
    arrive();
    world.run(INT64_MAX);
    double all = double(world.now) / 1e6;
    std::ranges::sort(waits);
    return {registry.busy / all, store.busy / all, compiling / all / lanes,
            waits[waits.size() * 95 / 100]};
  }

private:
  double now() const { return double(world.now) / 1e6; }
  void arrive() {
    if (left-- <= 0)
      return;
    queue.push_back(now());
    begin();
    world.after(world.exponential(gap), [this] { arrive(); });
  }
  void begin() {
    if (idle == 0 || queue.empty())
      return;
    --idle;
    waits.push_back(now() - queue.front());
    queue.pop_front();
    const Job &job = jobs[size_t(world.between(0, int64_t(jobs.size()) - 1))];
    compiling += job.compile;
    double told = registry.serve(now(), job.calls);
    at(told + job.compile, [this, &job] {
      at(store.serve(now(), job.bytes), [this] {
        ++idle;
        begin();
      });
    });
  }
  void at(double time, std::function<void()> action) {
    world.after(int64_t((time - now()) * 1e6), std::move(action));
  }

  World world;
  Line registry, store;
  const std::vector<Job> &jobs;
  const double gap; ///< microseconds
  int idle, lanes, left = 0;
  double compiling = 0;
  std::deque<double> queue; ///< when they came
  std::vector<double> waits;
};
} // namespace

/// "compile_seconds,calls,bytes" and a line each.
static std::vector<Job> readJobs(std::istream &in) {
  std::vector<Job> jobs;
  std::string line;
  for (std::getline(in, line); std::getline(in, line);) {
    Job job{};
    if (std::sscanf(line.c_str(), "%lf,%lf,%lf", &job.compile, &job.calls, &job.bytes) != 3)
      throw std::runtime_error("expected compile_seconds,calls,bytes, found " + line);
    jobs.push_back(job);
  }
  if (jobs.empty())
    throw std::runtime_error("no measured jobs on the standard input");
  return jobs;
}

static double mean(const std::vector<Job> &jobs, double Job::*part) {
  double sum = 0;
  for (const Job &job : jobs)
    sum += job.*part;
  return sum / double(jobs.size());
}

/// So many that seven tenths of them are busy on average, and two at least.
static int lanesFor(double perSecond, double seconds) {
  return std::max(2, int(std::ceil(perSecond * seconds / 0.7)));
}

static const char *firstToFill(const Result &result) {
  if (std::max(result.registryLoad, result.storeLoad) < 0.7)
    return "lanes";
  return result.registryLoad > result.storeLoad ? "registry" : "store";
}

static void print(uint64_t seed, const std::vector<Job> &jobs) {
  // docs/sizing.md says where these come from.
  const Site site{14'500, 1.25e9};
  double compile = mean(jobs, &Job::compile), bytes = mean(jobs, &Job::bytes);
  std::printf(
      "| blueprints a day | a second | lanes | claims/s | calls/s | MB/s | registry | store | "
      "lanes "
      "busy | waits (95 of 100) | fills first |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (int power = 3; power <= 8; ++power) {
    double perDay = std::pow(10, power), perSecond = perDay / 86'400;
    int lanes = lanesFor(perSecond, compile);
    Result result = Day(seed, site, jobs, perDay, lanes).run(20'000);
    std::printf(
        "| 10^%d | %.3g | %d | %.3g | %.3g | %.3g | %.0f %% | %.0f %% | %.0f %% | %.2g s | %s |\n",
        power, perSecond, lanes, perSecond, perSecond * mean(jobs, &Job::calls),
        perSecond * bytes / 1e6, 100 * result.registryLoad, 100 * result.storeLoad,
        100 * result.lanesLoad, result.waited, firstToFill(result));
  }
}

int main(int argc, char **argv) {
  try {
    print(argc > 1 ? std::stoull(argv[1]) : 1, readJobs(std::cin));
  } catch (const std::exception &error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
