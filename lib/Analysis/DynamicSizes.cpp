//===- DynamicSizes.cpp - Which sizes of inputs are one -------------------===//

#include "tez/Analysis/DynamicSizes.h"
#include "tez/Analysis/Shapes.h"
#include <map>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// A dimension of an input.
using Place = std::pair<unsigned, unsigned>;
using Places = SmallVector<Place>;

/// How far from the first size others are looked for.
static constexpr int64_t kReach = 96;
/// A batch alone is soon understood; what slides over images needs many sizes to be told from what
/// divides. Prime, see addSamples.
static constexpr unsigned kFewSamples = 3, kManySamples = 11;

namespace {
class Finder {
public:
  explicit Finder(KernelOp kernel) : kernel(kernel) {}

  std::optional<DynamicSizes> run();

private:
  bool admits(const InputShapes &shapes) const { return bool(withInputShapes(kernel, shapes)); }
  InputShapes with(const Places &places, int64_t size, InputShapes shapes) const;
  bool mayDiffer(const Places &places) const;
  bool findBase();
  SmallVector<Places> equalDims();
  void split(Places places);
  void number(Places places);
  int64_t leastOf(const Places &places) const;
  SmallVector<int64_t> sizesOf(const Places &places, unsigned count) const;
  bool addSamples();

  KernelOp kernel;
  InputShapes base;
  SmallVector<Places> groups; ///< by number
  DynamicSizes found;
};
} // namespace

InputShapes Finder::with(const Places &places, int64_t size, InputShapes shapes) const {
  for (auto [input, dim] : places)
    shapes[input][dim] = size;
  return shapes;
}

/// From the first size up: the smallest ones are where broadcasting and rests begin.
bool Finder::mayDiffer(const Places &places) const {
  int64_t first = base[places[0].first][places[0].second];
  for (int64_t size = first + 1; size <= first + kReach; ++size)
    if (admits(with(places, size, base)))
      return true;
  return false;
}

/// Inputs that may be left out are.
bool Finder::findBase() {
  std::optional<InputShapes> shapes = smallestShapes(kernel, 3, 2);
  if (!shapes) {
    explainNoShapes(kernel, 3);
    return false;
  }
  base = *shapes;
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes()))
    if (isa<esper::OptionalType>(type))
      base[i] = SmallVector<int64_t>(tensorTypeOf(type).getShape());
  return admits(base);
}

/// The dynamic dimensions, those together that have one size in the base.
SmallVector<Places> Finder::equalDims() {
  std::map<std::pair<bool, int64_t>, Places> bySize;
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes()))
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      for (auto [dim, size] : llvm::enumerate(tensor.getShape()))
        if (ShapedType::isDynamic(size))
          bySize[{dim != 0, base[i][dim]}].emplace_back(unsigned(i), unsigned(dim));
  return llvm::map_to_vector(bySize, [](auto &entry) { return entry.second; });
}

void Finder::number(Places places) {
  for (auto [input, dim] : places)
    found.numbers[input][dim] = int(groups.size());
  found.least.push_back(leastOf(places));
  groups.push_back(std::move(places));
}

/// Those that may change on their own have a number each, of the others two that may do so
/// together, then all that are left. What cannot change has none.
void Finder::split(Places places) {
  while (!places.empty()) {
    Places group = {places.front()};
    bool changes = mayDiffer(group);
    for (size_t i = 1; i < places.size() && !changes; ++i) {
      group = {places.front(), places[i]};
      changes = mayDiffer(group);
    }
    if (!changes) {
      group = places;
      changes = mayDiffer(group);
    }
    if (!changes)
      group = {places.front()};
    llvm::erase_if(places, [&](Place place) { return llvm::is_contained(group, place); });
    if (changes)
      number(std::move(group));
  }
}

int64_t Finder::leastOf(const Places &places) const {
  for (int64_t size = 1;; ++size)
    if (admits(with(places, size, base)))
      return size; // the base's at the latest
}

/// Neighbours, to tell remainders; then wider steps, so that little is left equal behind strides. A
/// batch has none of those, but costs as much as it is large.
SmallVector<int64_t> Finder::sizesOf(const Places &places, unsigned count) const {
  static constexpr int64_t steps[] = {1, 1, 1, 1, 2, 3, 6, 11, 19, 32};
  SmallVector<int64_t> sizes;
  int64_t first = base[places[0].first][places[0].second], next = first;
  for (int64_t size = first; size <= first + kReach && sizes.size() < count; ++size) {
    if (size < next || !admits(with(places, size, base)))
      continue;
    bool wider = places[0].second != 0 && sizes.size() < std::size(steps);
    next = size + (wider ? steps[sizes.size()] : 1);
    sizes.push_back(size);
  }
  return sizes;
}

/// Sample i gives number n the (i * (n + 1))th size that fits, counted round a prime: so no two go
/// together.
bool Finder::addSamples() {
  bool batchOnly = groups.size() == 1 && groups[0][0].second == 0;
  unsigned count = groups.empty() ? 1 : batchOnly ? kFewSamples : kManySamples;
  SmallVector<SmallVector<int64_t>> sizes;
  for (const Places &places : groups)
    sizes.push_back(sizesOf(places, count));
  for (unsigned i = 0; i < count; ++i) {
    InputShapes shapes = base;
    for (auto [n, places] : llvm::enumerate(groups))
      shapes = with(places, sizes[n][i * (n + 1) % sizes[n].size()], std::move(shapes));
    if (!admits(shapes))
      return false;
    found.samples.push_back(std::move(shapes));
  }
  return true;
}

std::optional<DynamicSizes> Finder::run() {
  if (!findBase())
    return std::nullopt;
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes()))
    found.numbers.emplace_back(isa<esper::OptionalType>(type) ? 0 : base[i].size(), -1);
  for (const Places &places : equalDims())
    split(places);
  if (addSamples())
    return std::move(found);
  kernel.emitError() << "sizes of the inputs hang on each other, and not by being equal";
  return std::nullopt;
}

std::optional<DynamicSizes> tez::findDynamicSizes(KernelOp kernel) { return Finder(kernel).run(); }
