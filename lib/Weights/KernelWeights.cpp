//===- KernelWeights.cpp - The tensors of one kernel ----------------------===//

#include "tez/Weights/KernelWeights.h"
#include "tez/Weights/Initializer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

std::optional<DType> tez::dtypeOf(Type type) {
  return llvm::TypeSwitch<Type, std::optional<DType>>(type)
      .Case([](Float64Type) { return DType::f64; })
      .Case([](Float32Type) { return DType::f32; })
      .Case([](Float16Type) { return DType::f16; })
      .Case([](BFloat16Type) { return DType::bf16; })
      .Case([](IntegerType integer) -> std::optional<DType> {
        switch (integer.getWidth()) {
        case 64:
          return DType::i64;
        case 32:
          return DType::i32;
        case 16:
          return DType::i16;
        case 8:
          return DType::i8;
        case 1:
          return DType::i1;
        default:
          return std::nullopt;
        }
      })
      .Default([](Type) { return std::nullopt; });
}

namespace {
/// A param or buffer op, read alike.
struct State {
  StringRef name;
  InitAttr init;
  RankedTensorType type;
  DType dtype() const { return dtypeOf(type.getElementType()).value_or(DType::f32); }
};
} // namespace

static SmallVector<State> stateOf(KernelOp kernel) {
  SmallVector<State> state;
  for (Operation &op : kernel.getBody().front())
    if (isa<ParamOp, BufferOp>(op))
      state.push_back({op.getAttrOfType<StringAttr>("name").getValue(),
                       op.getAttrOfType<InitAttr>("init"),
                       cast<RankedTensorType>(op.getResult(0).getType())});
  return state;
}

WeightStore tez::initialWeights(KernelOp kernel, uint64_t seed) {
  WeightStore store;
  for (const State &state : stateOf(kernel)) {
    InitSpec spec{InitSpec::Kind(state.init.getKind()), state.init.getA(), state.init.getB(),
                  state.init.getZeroRow()};
    store.set(state.name,
              initialize(spec, state.dtype(), state.type.getShape().vec(), seed, state.name));
  }
  return store;
}

static std::string shapeText(ArrayRef<int64_t> shape) {
  return "[" +
         llvm::join(llvm::map_range(shape, [](int64_t d) { return std::to_string(d); }), ", ") +
         "]";
}

namespace {
/// What is wrong with a state dict, by name.
struct Mismatches {
  SmallVector<std::string> missing, surplus, shapes;

  static void list(std::string &text, StringRef what, ArrayRef<std::string> names) {
    if (names.empty())
      return;
    text += (text.empty() ? "" : "; ") + what.str() + ": " + llvm::join(names.take_front(10), ", ");
    if (names.size() > 10)
      text += " and " + std::to_string(names.size() - 10) + " more";
  }
  std::string text() const {
    std::string result;
    list(result, "missing", missing);
    list(result, "surplus", surplus);
    list(result, "shape", shapes);
    return result;
  }
};
} // namespace

static bool isFloating(DType dtype) {
  return dtype == DType::f64 || dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16;
}

/// The tensor in the kernel's dtype; notes what does not fit.
static HostTensor adapt(const HostTensor &tensor, const State &state, Mismatches &wrong) {
  if (ArrayRef<int64_t>(tensor.shape()) != state.type.getShape()) {
    wrong.shapes.push_back(state.name.str() + " is " + shapeText(tensor.shape()) + ", expected " +
                           shapeText(state.type.getShape()));
    return tensor;
  }
  if (tensor.dtype() == state.dtype())
    return tensor;
  if (!isFloating(tensor.dtype()) || !isFloating(state.dtype())) {
    wrong.shapes.push_back(state.name.str() + " holds " + name(tensor.dtype()) + ", expected " +
                           name(state.dtype()));
    return tensor;
  }
  return HostTensor::fromDoubles(state.dtype(), tensor.shape(), tensor.toDoubles());
}

llvm::Expected<WeightStore> tez::weightsFor(KernelOp kernel, const WeightStore &given) {
  WeightStore store;
  Mismatches wrong;
  llvm::StringSet<> known;
  for (const State &state : stateOf(kernel)) {
    known.insert(state.name);
    if (const HostTensor *tensor = given.lookup(state.name))
      store.set(state.name, adapt(*tensor, state, wrong));
    else
      wrong.missing.push_back(state.name.str());
  }
  for (const std::string &name : given.names())
    if (!known.contains(name))
      wrong.surplus.push_back(name);
  if (std::string text = wrong.text(); !text.empty())
    return llvm::createStringError("the weights do not fit the blueprint: " + text);
  return store;
}
