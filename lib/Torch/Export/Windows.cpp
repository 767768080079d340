//===- Windows.cpp - The windows of convolutions and pools ----------------===//

#include "Windows.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <cmath>

using namespace tez::program;

namespace {
/// The arguments of one call by their names.
class Arguments {
public:
  Arguments(const c10::FunctionSchema &schema, llvm::ArrayRef<Reference> given)
      : schema(schema), given(given) {}

  /// A list, once for each of `count` dimensions; `otherwise` where there is none.
  std::vector<int64_t> list(llvm::StringRef name, size_t count, int64_t otherwise) const {
    const c10::IValue *value = find(name);
    std::vector<int64_t> numbers;
    if (value && value->isIntList())
      numbers = value->toIntVector();
    if (numbers.size() == 1)
      numbers.assign(count, numbers.front());
    return numbers.size() == count ? numbers : std::vector<int64_t>(count, otherwise);
  }

  std::vector<double> numbers(llvm::StringRef name) const {
    const c10::IValue *value = find(name);
    return value && value->isDoubleList() ? value->toDoubleVector() : std::vector<double>();
  }

  bool flag(llvm::StringRef name) const {
    const c10::IValue *value = find(name);
    return value && value->isBool() && value->toBool();
  }

private:
  const c10::IValue *find(llvm::StringRef name) const {
    for (auto [argument, value] : llvm::zip(schema.arguments(), given))
      if (argument.name() == name.str())
        return std::get_if<c10::IValue>(&value);
    return nullptr;
  }

  const c10::FunctionSchema &schema;
  llvm::ArrayRef<Reference> given;
};
} // namespace

/// Sizes times `factors`, rounded down: windows of the denominators, one behind the other. Nullopt
/// where torch's product may be rounded before that.
static std::optional<Window> scaling(llvm::ArrayRef<double> factors) {
  constexpr int64_t mostDenominator = 64;
  Window window;
  for (double factor : factors) {
    int64_t denominator = 1;
    while (denominator < mostDenominator &&
           factor * double(denominator) != std::floor(factor * double(denominator)))
      denominator *= 2;
    double numerator = factor * double(denominator);
    if (numerator != std::floor(numerator) || numerator < 1 || numerator > 1e6)
      return std::nullopt;
    window.scale.push_back(int64_t(numerator));
    window.kernel.push_back(denominator);
  }
  window.stride = window.kernel;
  window.padding.assign(factors.size(), 0);
  window.dilation.assign(factors.size(), 1);
  bool whole = llvm::all_of(window.kernel, [](int64_t one) { return one == 1; });
  return whole ? std::nullopt : std::optional(window); // products are found without
}

std::optional<Window> tez::program::windowOf(const c10::FunctionSchema &schema,
                                             llvm::ArrayRef<Reference> given,
                                             llvm::ArrayRef<const Meta *> operands) {
  llvm::StringRef name = schema.name();
  name.consume_front("aten::");
  Arguments arguments(schema, given);
  if (name.contains("upsample"))
    return scaling(arguments.numbers("scale_factors"));
  Window window;
  size_t count = 0;
  if (name == "conv1d" || name == "conv2d" || name == "conv3d") {
    count = operands[1]->sizes.size() - 2;
    for (size_t i = 0; i < count; ++i)
      window.kernel.push_back(operands[1]->sizes[i + 2].hint());
  } else if (name.starts_with("max_pool") || name.starts_with("avg_pool")) {
    count = size_t(name[8] - '0');
    window.kernel = arguments.list("kernel_size", count, 1);
  } else {
    return std::nullopt;
  }
  window.stride = arguments.list("stride", count, -1);
  if (window.stride.front() < 0)
    window.stride =
        count && !name.starts_with("conv") ? window.kernel : std::vector<int64_t>(count, 1);
  window.padding = arguments.list("padding", count, 0);
  window.dilation = arguments.list("dilation", count, 1);
  window.roundsUp = arguments.flag("ceil_mode");
  return window;
}
