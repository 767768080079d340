//===- NativeEntry.cpp - What the loader calls ----------------------------===//

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_NATIVEENTRY
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

namespace {
/// Adds `tez_forward` before `function`.
class EntryBuilder {
public:
  explicit EntryBuilder(func::FuncOp function)
      : function(function), builder(function.getLoc(), function), converter(function.getContext()) {
  }

  void run();

private:
  Value constant(int64_t number) {
    return LLVM::ConstantOp::create(builder, builder.getI64Type(), number);
  }
  Value memoryAt(Value pointer, MemRefType type, Value rows);

  func::FuncOp function;
  ImplicitLocOpBuilder builder;
  LLVMTypeConverter converter;
};
} // namespace

/// Dense and row-major; the only dynamic size is the number of rows, or all of a scratch memory.
Value EntryBuilder::memoryAt(Value pointer, MemRefType type, Value rows) {
  auto descriptor =
      MemRefDescriptor::poison(builder, builder.getLoc(), converter.convertType(type));
  Location location = builder.getLoc();
  descriptor.setAllocatedPtr(builder, location, pointer);
  descriptor.setAlignedPtr(builder, location, pointer);
  descriptor.setOffset(builder, location, constant(0));
  int64_t stride = 1;
  for (int64_t i = type.getRank() - 1; i >= 0; --i) {
    int64_t size = type.getDimSize(i);
    descriptor.setSize(builder, location, i, ShapedType::isDynamic(size) ? rows : constant(size));
    descriptor.setStride(builder, location, i, constant(stride));
    stride *= ShapedType::isDynamic(size) ? 1 : size;
  }
  return UnrealizedConversionCastOp::create(builder, type, Value(descriptor)).getResult(0);
}

void EntryBuilder::run() {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  Type number = builder.getI64Type();
  auto entry = func::FuncOp::create(builder, "tez_forward",
                                    builder.getFunctionType({pointer, number, number}, {}));
  Block *block = entry.addEntryBlock();
  builder.setInsertionPointToStart(block);
  SmallVector<Value> arguments;
  int32_t pointers = 0;
  for (Type type : function.getArgumentTypes()) {
    if (isa<IndexType>(type)) {
      arguments.push_back(arith::IndexCastOp::create(builder, type, block->getArgument(2)));
      continue;
    }
    Value place = LLVM::GEPOp::create(builder, pointer, pointer, block->getArgument(0),
                                      ArrayRef<LLVM::GEPArg>{pointers++});
    Value memory = LLVM::LoadOp::create(builder, pointer, place);
    arguments.push_back(memoryAt(memory, cast<MemRefType>(type), block->getArgument(1)));
  }
  func::CallOp::create(builder, function, arguments);
  func::ReturnOp::create(builder);
  function.setPrivate();
  auto internal = LLVM::LinkageAttr::get(builder.getContext(), LLVM::Linkage::Internal);
  function->setAttr("llvm.linkage", internal);
}

/// The attributes of each argument in memory with its type, for whoever fills the table.
static ArrayAttr describe(func::FuncOp function) {
  Builder builder(function.getContext());
  SmallVector<Attribute> arguments;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    if (isa<IndexType>(function.getArgumentTypes()[i]))
      continue;
    NamedAttrList attributes(function.getArgAttrDict(i));
    attributes.set("type", TypeAttr::get(function.getArgumentTypes()[i]));
    arguments.push_back(attributes.getDictionary(builder.getContext()));
  }
  return builder.getArrayAttr(arguments);
}

namespace {
struct NativeEntryPass : tez::impl::NativeEntryBase<NativeEntryPass> {
  void runOnOperation() override {
    auto functions = getOperation().getOps<func::FuncOp>();
    if (functions.empty())
      return;
    if (!llvm::hasSingleElement(functions)) {
      getOperation().emitError("expected one kernel in a module");
      return signalPassFailure();
    }
    func::FuncOp function = *functions.begin();
    getOperation()->setAttr(native::argumentsAttr, describe(function));
    for (StringRef size : {native::scratchColumnsAttr, native::scratchNumbersAttr})
      if (Attribute number = function->getAttr(size))
        getOperation()->setAttr(size, number);
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      if (function.removeArgAttr(i, native::positionsAttr)) // LLVM would warn of it
        getOperation()->setAttr(native::positionsAttr, UnitAttr::get(&getContext()));
    numArguments += function.getNumArguments();
    EntryBuilder(function).run();
  }
};
} // namespace
