//===- TopK.cpp -----------------------------------------------------------===//

#include "tez/Interpreter/FunctionsIndex.h"
#include "tez/Interpreter/FunctionsReduce.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace tez::interp {

/// NaN is greater than all.
static bool greater(double a, double b) { return (std::isnan(a) && !std::isnan(b)) || a > b; }

static std::vector<int64_t> bestOf(const double *row, int64_t size, int64_t k, bool largest) {
  std::vector<int64_t> order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [=](int64_t a, int64_t b) {
    double first = largest ? row[a] : row[b], second = largest ? row[b] : row[a];
    return greater(first, second) || (!greater(second, first) && a < b);
  });
  order.resize(size_t(k));
  return order;
}

TopK topK(const Variable &x, int64_t k, bool largest) {
  int64_t size = x.rank() == 0 ? 1 : x.dim(-1);
  assert(k >= 0 && k <= size && "topk within the dimension");
  Shape shape = x.shape();
  if (!shape.empty())
    shape.back() = k;
  Tensor indices(shape);
  std::vector<int64_t> flat;
  for (int64_t start = 0; start < x.value().size(); start += size)
    for (int64_t i : bestOf(x.value().data() + start, size, k, largest)) {
      indices.mutableData()[flat.size()] = double(i);
      flat.push_back(start + i);
    }
  return {gather(x, shape, std::move(flat)), indices};
}

} // namespace tez::interp
