//===- Rounding.cpp -------------------------------------------------------===//

#include "Rounding.h"
#include "tez/Support/DTypes.h"

using namespace tez;
using namespace tez::interp;

template <typename Number> static Tensor rounded(const Tensor &x) {
  Tensor result(x.shape());
  for (int64_t i = 0; i < x.size(); ++i)
    result.mutableData()[i] = double(Number(x[i]));
  return result;
}

Variable tez::interp::roundTo(mlir::Type narrow, const Variable &x) {
  Tensor value = narrow.isF16() ? rounded<Half>(x.value()) : rounded<BFloat>(x.value());
  return record(std::move(value), {{x, [](const Tensor &upstream) { return upstream; }}});
}

Variable tez::interp::perturb(const Variable &x, double size, std::mt19937_64 &noise) {
  Tensor value(x.shape());
  for (int64_t i = 0; i < value.size(); ++i) {
    double r = double(int64_t(noise())) * 0x1p-63;
    value.mutableData()[i] = x.value()[i] * (1 + size * r);
  }
  return record(std::move(value), {{x, [](const Tensor &upstream) { return upstream; }}});
}
