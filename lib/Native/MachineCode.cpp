//===- MachineCode.cpp - From an esper kernel to machine code -------------===//

#include "tez/Native/MachineCode.h"
#include "Codegen.h"
#include "Winograd.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Native/Passes.h"
#include <future>
#include <numeric>

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
  int64_t together; ///< terms of a column that lie beside each other

  /// Where in a column of the tensor term k of the sum is.
  int64_t term(int64_t k) const { return k % channels * (depth / channels) + k / channels; }
};
} // namespace

static Packing packingOf(DictionaryAttr argument, const HostTensor &tensor) {
  constexpr int64_t window = 9;
  auto type = cast<MemRefType>(argument.getAs<TypeAttr>("type").getValue());
  auto number = [&](StringRef name) {
    auto attribute = argument.getAs<IntegerAttr>(name);
    return attribute ? attribute.getInt() : 1;
  };
  bool winograd = argument.contains(native::winogradAttr);
  bool transposed = winograd || argument.contains(native::transposedAttr);
  int64_t together = native::groupOf(type.getElementType()), depth = type.getDimSize(1);
  if (together > 1) // the last group may not be full
    depth = tensor.shape()[transposed ? 1 : 0];
  return {depth,
          tensor.numElements() / (winograd ? depth * window : depth),
          type.getDimSize(2) / together,
          transposed,
          number(native::channelsAttr),
          number(native::groupsAttr),
          together};
}

/// Panels of `width` columns: [panel][group of terms][column][term], the last of each filled up
/// with zeros.
template <typename T> static void pack(const T *from, const Packing &packing, T *to) {
  auto [depth, columns, width, transposed, channels, groups, together] = packing;
  int64_t ofGroup = columns / groups, panels = llvm::divideCeil(ofGroup, width);
  int64_t steps = llvm::divideCeil(depth, together);
  for (int64_t n = 0; n < columns; ++n) {
    int64_t inGroup = n % ofGroup, panel = n / ofGroup * panels + inGroup / width;
    for (int64_t k = 0; k < depth; ++k)
      to[((panel * steps + k / together) * width + inGroup % width) * together + k % together] =
          transposed ? from[n * depth + packing.term(k)] : from[packing.term(k) * columns + n];
  }
}

/// Of each row of an 8-bit weight [columns, depth].
static void sumColumns(const HostTensor &tensor, int32_t *to) {
  int64_t columns = tensor.shape()[0], depth = tensor.numElements() / columns;
  const auto *from = tensor.data<int8_t>();
  for (int64_t n = 0; n < columns; ++n)
    to[n] = std::accumulate(from + n * depth, from + (n + 1) * depth, int32_t(0));
}

/// The 16 matrices [columns, depth] of windows of 3x3, each in panels of its own.
static void packWinograd(const float *from, Packing packing, float *to) {
  int64_t panels = llvm::divideCeil(packing.columns, packing.width);
  int64_t windows = packing.columns * packing.depth;
  std::vector<float> matrices = native::transformWindows(from, windows);
  for (int64_t i = 0; i < native::winogradProducts; ++i)
    pack(matrices.data() + i * windows, packing, to + i * panels * packing.depth * packing.width);
}

/// As the elements of an argument's type; nullopt for others.
static std::optional<DType> dtypeOf(Type element) {
  if (element.isF32())
    return DType::f32;
  if (element.isBF16())
    return DType::bf16;
  return element.isInteger(8) ? std::optional(DType::i8) : std::nullopt;
}

/// A weight in its panels, of which 16-bit numbers are moved as they are.
static void packTo(const HostTensor &tensor, DictionaryAttr argument, char *to) {
  Packing packing = packingOf(argument, tensor);
  if (argument.contains(native::winogradAttr))
    packWinograd(tensor.data<float>(), packing, reinterpret_cast<float *>(to));
  else if (tensor.dtype() == DType::f32)
    pack(tensor.data<float>(), packing, reinterpret_cast<float *>(to));
  else if (tensor.dtype() == DType::bf16)
    pack(reinterpret_cast<const uint16_t *>(tensor.data()), packing,
         reinterpret_cast<uint16_t *>(to));
  else
    pack(tensor.data<int8_t>(), packing, reinterpret_cast<int8_t *>(to));
}

llvm::Expected<uint64_t> WeightPacker::add(DictionaryAttr argument) {
  StringRef name = argument.getAs<StringAttr>(native::stateAttr).getValue();
  const HostTensor *tensor = store.lookup(name);
  auto type = cast<MemRefType>(argument.getAs<TypeAttr>("type").getValue());
  bool sums = argument.contains(native::columnSumsAttr);
  std::optional<DType> wanted = sums ? DType::i8 : dtypeOf(type.getElementType());
  if (!tensor || !wanted || tensor->dtype() != *wanted)
    return llvm::createStringError("machine code needs " + name + " in " +
                                   (wanted ? tez::name(*wanted) : "another type"));
  uint64_t offset = llvm::alignTo(bytes.size(), alignment);
  bytes.resize(offset + llvm::divideCeil(type.getNumElements() * type.getElementTypeBitWidth(), 8),
               '\0');
  char *to = bytes.data() + offset;
  if (sums)
    sumColumns(*tensor, reinterpret_cast<int32_t *>(to));
  else if (argument.contains(native::panelsAttr))
    packTo(*tensor, argument, to);
  else
    memcpy(to, tensor->data(), tensor->numBytes());
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

/// The copy in linalg; a module that still holds the kernel where it has no lowering.
static llvm::Expected<OwningOpRef<mlir::ModuleOp>>
convert(mlir::ModuleOp module, const native::Target &target, TimingScope &time) {
  OwningOpRef<mlir::ModuleOp> copy = module.clone();
  PassManager passes(module.getContext());
  passes.enableTiming(time);
  native::buildConversion(passes, !target.hasHalfDots());
  if (failed(passes.run(*copy)))
    return llvm::createStringError("no conversion to linalg");
  return copy;
}

/// `module`, from linalg to the llvm dialect.
static llvm::Error lower(mlir::ModuleOp module, const native::Target &target, bool checkBounds,
                         TimingScope &time) {
  std::string message;
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      message += diagnostic.str() + "\n";
    return success();
  });
  PassManager passes(module.getContext());
  passes.enableTiming(time);
  // After each of some thirty passes it would take a third of their time. tez-opt does it.
  passes.enableVerifier(false);
  native::buildLowering(passes, target.level, checkBounds, target.schedules);
  if (failed(passes.run(module)) || failed(verify(module)))
    return llvm::createStringError("no machine code: " + message);
  return llvm::Error::success();
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

namespace {
/// Makes the twin with checks of a kernel in linalg, in a thread and a context of its own.
class CheckedTwin {
public:
  CheckedTwin(mlir::ModuleOp converted, const native::Target &target, TimingScope &time);

  /// Waits for it. At most one call.
  llvm::Expected<native::Image> take() { return made.get(); }

private:
  llvm::Expected<native::Image> make() const;

  DialectRegistry registry;
  std::string bytecode;
  const native::Target &target;
  TimingScope &time;
  std::future<llvm::Expected<native::Image>> made; ///< its destructor waits for the thread
};
} // namespace

CheckedTwin::CheckedTwin(mlir::ModuleOp converted, const native::Target &target, TimingScope &time)
    : target(target), time(time) {
  converted.getContext()->getDialectRegistry().appendTo(registry);
  llvm::raw_string_ostream stream(bytecode);
  (void)writeBytecodeToFile(converted, stream);
  // Deferred to take() where the system has no thread to give.
  made = std::async(std::launch::async | std::launch::deferred, [this] { return make(); });
}

llvm::Expected<native::Image> CheckedTwin::make() const {
  TimingScope checked = time.nest("twin with checks");
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto module = parseSourceString<mlir::ModuleOp>(bytecode, ParserConfig(&context));
  if (!module)
    return llvm::createStringError("linalg does not survive bytecode");
  if (llvm::Error error = lower(*module, target, /*checkBounds=*/true, checked))
    return error;
  return makeImage(*module, target, /*fast=*/false, checked);
}

llvm::Expected<std::optional<native::MachineCode>>
native::compile(mlir::ModuleOp module, const WeightStore &weights, const Target &target,
                bool withChecked, TimingScope time) {
  auto lowered = convert(module, target, time);
  if (!lowered)
    return lowered.takeError();
  if (!(*lowered)->getOps<esper::KernelOp>().empty())
    return std::nullopt;
  std::optional<CheckedTwin> twin;
  if (withChecked)
    twin.emplace(**lowered, target, time);
  if (llvm::Error error = lower(**lowered, target, /*checkBounds=*/false, time))
    return error;
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
  if (!twin)
    return code;
  llvm::Expected<Image> checked = twin->take();
  if (!checked)
    return checked.takeError();
  code.checked = std::move(*checked);
  return code;
}
