//===- Blueprints.h - Blueprints made to be timed ---------------*- C++ -*-===//

#ifndef TEZ_TEST_BENCH_BLUEPRINTS_H
#define TEZ_TEST_BENCH_BLUEPRINTS_H

#include <cstdint>
#include <string>
#include <vector>

namespace tez::bench {

/// `count` different blueprints, as JSON: linear, conv, attention and custom
/// architectures, flat IRs and graphs in turn, none the same as another.
std::vector<std::string> makeMixture(int count);

/// A linear architecture of `depth` layers of `width` each.
std::string makeLinear(int64_t depth, int64_t width);

/// A graph IR: `depth / 2` linear layers, each with a residual add.
std::string makeGraph(int64_t depth, int64_t width);

/// A module form: a Sequential, itself a layer, of `depth - 1` convolutions.
std::string makeSequential(int64_t depth, int64_t width);

} // namespace tez::bench

#endif // TEZ_TEST_BENCH_BLUEPRINTS_H
