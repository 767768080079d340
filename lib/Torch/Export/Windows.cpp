//===- Windows.cpp - The windows of convolutions and pools ----------------===//

#include "Windows.h"
#include "llvm/ADT/StringRef.h"

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

std::optional<Window> tez::program::windowOf(const c10::FunctionSchema &schema,
                                             llvm::ArrayRef<Reference> given,
                                             llvm::ArrayRef<const Meta *> operands) {
  llvm::StringRef name = schema.name();
  name.consume_front("aten::");
  Arguments arguments(schema, given);
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
