//===- Separation.cpp - Places in a row that do not overlap ---------------===//

#include "Separation.h"
#include <stddef.h>

using namespace tez::report;

namespace {
/// Neighbours that touch and move together.
struct Block {
  double mean, weight;
  size_t count;
};
} // namespace

/// With the least distances subtracted this is isotonic regression, which pooling
/// adjacent violators solves exactly.
std::vector<double> tez::report::separate(const std::vector<Wish> &wishes, double gap) {
  std::vector<double> offsets;
  std::vector<Block> blocks;
  double offset = 0;
  for (size_t i = 0; i < wishes.size(); ++i) {
    if (i > 0)
      offset += (wishes[i - 1].width + wishes[i].width) / 2 + gap;
    offsets.push_back(offset);
    blocks.push_back({wishes[i].centre - offset, wishes[i].weight, 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean > blocks.back().mean) {
      Block last = blocks.back();
      blocks.pop_back();
      Block &into = blocks.back();
      double weight = into.weight + last.weight;
      into = {(into.mean * into.weight + last.mean * last.weight) / weight, weight,
              into.count + last.count};
    }
  }
  std::vector<double> centres;
  for (const Block &block : blocks)
    for (size_t i = 0; i < block.count; ++i)
      centres.push_back(block.mean + offsets[centres.size()]);
  return centres;
}
