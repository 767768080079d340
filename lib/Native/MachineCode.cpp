//===- MachineCode.cpp - From an esper kernel to machine code -------------===//

#include "tez/Native/MachineCode.h"
#include "Codegen.h"
#include "Winograd.h"
#include "mlir/IR/Diagnostics.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Native/Passes.h"

using namespace mlir;
using namespace tez;
using native::Argument;

namespace {
/// Lays the weights of a kernel behind each other as its code wants them.
class WeightPacker {
public:
  explicit WeightPacker(const WeightStore &store) : store(store) {}

  /// Where in `bytes` the weight is. The attributes: see native::argumentsAttr.
  llvm::Expected<uint64_t> add(DictionaryAttr argument);
  std::string bytes;

private:
  static constexpr size_t alignment = 64; // a line of every cache so far
  const WeightStore &store;
};
} // namespace

namespace {
/// How a state-dict tensor becomes panels.
struct Packing {
  int64_t depth, columns, width;
  bool transposed;  ///< [columns, depth], otherwise [depth, columns]
  int64_t channels; ///< that sums run along first; the tensor has them outside of the window
  int64_t groups;   ///< of columns, with panels of their own

  /// Where in a column of the tensor term k of the sum is.
  int64_t term(int64_t k) const { return k % channels * (depth / channels) + k / channels; }
};
} // namespace

static Packing packingOf(DictionaryAttr argument, int64_t elements) {
  constexpr int64_t window = 9;
  auto type = cast<MemRefType>(argument.getAs<TypeAttr>("type").getValue());
  auto number = [&](StringRef name) {
    auto attribute = argument.getAs<IntegerAttr>(name);
    return attribute ? attribute.getInt() : 1;
  };
  int64_t depth = type.getDimSize(1);
  bool winograd = argument.contains(native::winogradAttr);
  return {depth,
          elements / (winograd ? depth * window : depth),
          type.getDimSize(2),
          winograd || argument.contains(native::transposedAttr),
          number(native::channelsAttr),
          number(native::groupsAttr)};
}

/// Panels of `width` columns: [panel][k][column], the last of each group filled up with zeros.
static void pack(const float *from, const Packing &packing, float *to) {
  auto [depth, columns, width, transposed, channels, groups] = packing;
  int64_t ofGroup = columns / groups, panels = llvm::divideCeil(ofGroup, width);
  for (int64_t n = 0; n < columns; ++n) {
    int64_t inGroup = n % ofGroup, panel = n / ofGroup * panels + inGroup / width;
    for (int64_t k = 0; k < depth; ++k)
      to[(panel * depth + k) * width + inGroup % width] =
          transposed ? from[n * depth + packing.term(k)] : from[packing.term(k) * columns + n];
  }
}

/// The 16 matrices [columns, depth] of windows of 3x3, each in panels of its own.
static void packWinograd(const float *from, Packing packing, float *to) {
  int64_t panels = llvm::divideCeil(packing.columns, packing.width);
  int64_t windows = packing.columns * packing.depth;
  std::vector<float> matrices = native::transformWindows(from, windows);
  for (int64_t i = 0; i < native::winogradProducts; ++i)
    pack(matrices.data() + i * windows, packing, to + i * panels * packing.depth * packing.width);
}

llvm::Expected<uint64_t> WeightPacker::add(DictionaryAttr argument) {
  StringRef name = argument.getAs<StringAttr>(native::stateAttr).getValue();
  const HostTensor *tensor = store.lookup(name);
  if (!tensor || tensor->dtype() != DType::f32)
    return llvm::createStringError("machine code needs " + name + " in fp32");
  auto type = cast<MemRefType>(argument.getAs<TypeAttr>("type").getValue());
  uint64_t offset = llvm::alignTo(bytes.size(), alignment);
  bytes.resize(offset + type.getNumElements() * sizeof(float), '\0');
  auto *to = reinterpret_cast<float *>(bytes.data() + offset);
  if (!argument.contains(native::panelsAttr)) {
    memcpy(to, tensor->data(), tensor->numBytes());
    return offset;
  }
  if (argument.contains(native::winogradAttr))
    packWinograd(tensor->data<float>(), packingOf(argument, tensor->numElements()), to);
  else
    pack(tensor->data<float>(), packingOf(argument, tensor->numElements()), to);
  return offset;
}

/// What the pointers of the table are.
static llvm::Error describeArguments(mlir::ModuleOp lowered, const WeightStore &weights,
                                     native::MachineCode &code) {
  WeightPacker packer(weights);
  for (Attribute attribute : lowered->getAttrOfType<ArrayAttr>(native::argumentsAttr)) {
    auto argument = cast<DictionaryAttr>(attribute);
    Argument &made = code.arguments.emplace_back();
    auto type = cast<MemRefType>(argument.getAs<TypeAttr>("type").getValue());
    made.columns = type.getShape().back();
    if (auto image = argument.getAs<DenseI64ArrayAttr>(native::imageAttr))
      made.image = image.asArrayRef().vec();
    if (auto name = argument.getAs<StringAttr>(native::inputAttr)) {
      made.kind = Argument::Kind::Input;
      made.name = name.getValue();
    } else if (auto name = argument.getAs<StringAttr>(native::stateAttr)) {
      made.kind = Argument::Kind::Weight;
      made.name = name.getValue();
      llvm::Expected<uint64_t> offset = packer.add(argument);
      if (!offset)
        return offset.takeError();
      made.offset = *offset;
    } else {
      bool output = argument.contains(native::outputAttr);
      made.kind = output ? Argument::Kind::Output : Argument::Kind::Scratch;
    }
  }
  code.weights = std::move(packer.bytes);
  if (auto columns = lowered->getAttrOfType<IntegerAttr>(native::scratchColumnsAttr))
    code.scratchColumns = columns.getInt();
  if (auto numbers = lowered->getAttrOfType<IntegerAttr>(native::scratchNumbersAttr))
    code.scratchNumbers = numbers.getInt();
  code.samples = lowered->hasAttr(native::positionsAttr);
  return llvm::Error::success();
}

/// The copy in the llvm dialect; a module that still holds the kernel where it has no lowering.
static llvm::Expected<OwningOpRef<mlir::ModuleOp>>
lower(mlir::ModuleOp module, const native::Target &target, bool checkBounds, TimingScope &time) {
  OwningOpRef<mlir::ModuleOp> copy = module.clone();
  PassManager first(module.getContext());
  first.enableTiming(time);
  native::buildConversion(first);
  if (failed(first.run(*copy)))
    return llvm::createStringError("no conversion to linalg");
  if (!copy->getOps<esper::KernelOp>().empty())
    return copy;
  std::string message;
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      message += diagnostic.str() + "\n";
    return success();
  });
  PassManager passes(module.getContext());
  passes.enableTiming(time);
  native::buildLowering(passes, target.name, checkBounds, target.schedules);
  if (failed(passes.run(*copy)))
    return llvm::createStringError("no machine code: " + message);
  return copy;
}

bool native::MachineCode::hasImages() const {
  return llvm::any_of(arguments, [](const Argument &argument) { return !argument.image.empty(); });
}

/// The leading dimensions of all inputs; of images one, however many an input that is none has.
static std::vector<int64_t> leadingOf(esper::KernelOp kernel, const native::MachineCode &code) {
  if (code.hasImages())
    return {ShapedType::kDynamic};
  return cast<ShapedType>(kernel.getArgumentTypes()[0]).getShape().drop_back().vec();
}

static llvm::Expected<native::Image> makeImage(mlir::ModuleOp lowered, const native::Target &target,
                                               bool fast, TimingScope &time) {
  llvm::Expected<std::string> object = native::makeObject(lowered, target, fast, time);
  if (!object)
    return object.takeError();
  TimingScope linking = time.nest("link");
  return native::linkImage(llvm::MemoryBufferRef(*object, "kernel.o"), "tez_forward");
}

static llvm::Expected<native::Image> makeChecked(mlir::ModuleOp module,
                                                 const native::Target &target, TimingScope &time) {
  TimingScope checked = time.nest("twin with checks");
  auto lowered = lower(module, target, /*checkBounds=*/true, checked);
  if (!lowered)
    return lowered.takeError();
  return makeImage(**lowered, target, /*fast=*/false, checked);
}

llvm::Expected<std::optional<native::MachineCode>>
native::compile(mlir::ModuleOp module, const WeightStore &weights, const Target &target,
                bool withChecked, TimingScope time) {
  auto lowered = lower(module, target, /*checkBounds=*/false, time);
  if (!lowered)
    return lowered.takeError();
  if (!(**lowered)->hasAttr(argumentsAttr))
    return std::nullopt;
  MachineCode code;
  code.target = target;
  TimingScope packing = time.nest("pack weights");
  if (llvm::Error error = describeArguments(**lowered, weights, code))
    return error;
  packing.stop();
  esper::KernelOp kernel = *module.getOps<esper::KernelOp>().begin();
  if (!kernel.getLeadingAny())
    code.leading = leadingOf(kernel, code);
  llvm::Expected<Image> image = makeImage(**lowered, target, /*fast=*/true, time);
  if (!image)
    return image.takeError();
  code.image = std::move(*image);
  if (!withChecked)
    return code;
  llvm::Expected<Image> checked = makeChecked(module, target, time);
  if (!checked)
    return checked.takeError();
  code.checked = std::move(*checked);
  return code;
}
