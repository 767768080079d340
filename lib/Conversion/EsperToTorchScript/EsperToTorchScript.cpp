//===- EsperToTorchScript.cpp - esper.kernel -> ts.module -----------------===//

#include "Emitter.h"
#include "mlir/IR/BuiltinOps.h"
#include "tez/Conversion/Passes.h"
#include "tez/Dialect/Esper/FixedRank.h"
#include "tez/Dialect/Esper/Pointwise.h"
#include "tez/Dialect/Esper/Unread.h"
#include "llvm/ADT/StringSet.h"

namespace tez {
#define GEN_PASS_DEF_ESPERTOTORCHSCRIPT
#include "tez/Conversion/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

namespace {
/// Declarations first, then forward.
class ModuleBuilder {
public:
  ModuleBuilder(KernelOp kernel, OpBuilder &builder) : kernel(kernel), builder(builder) {}

  LogicalResult run();
  unsigned numCalls = 0;

private:
  void declareState();
  template <typename To, typename From> void declare(From state);
  ts::ForwardOp createForward();
  void requireRanks(ts::ForwardOp forward, Emitter &emitter);
  LogicalResult emitBody(Emitter &emitter);
  LogicalResult emitOp(Operation &op, Emitter &emitter);
  LogicalResult emitAten(AtenOpInterface op, Emitter &emitter);
  LogicalResult emitRowMajor(AtenOpInterface op, Emitter &emitter);
  bool isOverwritten(esper::BufferOp buffer, const Emitter &emitter);
  void emitUpdate(StringRef name, Value value, Emitter &emitter);
  void emitReturn(Emitter &emitter);

  KernelOp kernel;
  OpBuilder &builder;
  llvm::StringMap<Value> buffers;
  llvm::DenseMap<Value, Value> overwritten; ///< what stands for such a buffer in the module
};
} // namespace

/// A ts op of the same name, type and order in memory.
template <typename To, typename From> void ModuleBuilder::declare(From state) {
  StringAttr memory;
  if (std::optional<MemoryFormat> format = state.getMemory())
    memory = builder.getStringAttr(stringifyMemoryFormat(*format));
  builder.create<To>(state.getLoc(), state.getName(), state.getType(), memory);
}

void ModuleBuilder::declareState() {
  llvm::StringSet<> paths;
  for (Operation &op : kernel.getBody().front()) {
    if (isPackedOnly(&op))
      continue;
    if (auto param = dyn_cast<ParamOp>(op)) {
      declare<ts::ParameterOp>(param);
    } else if (auto buffer = dyn_cast<esper::BufferOp>(op)) {
      declare<ts::BufferOp>(buffer);
      buffers[buffer.getName()] = buffer;
    } else if (auto training = dyn_cast<TrainingOp>(op))
      if (!training.getModule().empty() && paths.insert(training.getModule()).second)
        builder.create<ts::SubmoduleOp>(op.getLoc(), training.getModule());
  }
}

ts::ForwardOp ModuleBuilder::createForward() {
  SmallVector<Attribute> names;
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    names.push_back(builder.getStringAttr(kernel.getInputName(i)));
  auto forward = builder.create<ts::ForwardOp>(kernel.getLoc(), builder.getArrayAttr(names));
  Block &body = forward.getBody().emplaceBlock();
  for (BlockArgument argument : kernel.getArguments()) {
    Type type = isa<esper::OptionalType>(argument.getType())
                    ? Type(ts::OptionalTensorType::get(builder.getContext()))
                    : Type(ts::TensorType::get(builder.getContext()));
    body.addArgument(type, argument.getLoc());
  }
  return forward;
}

/// In front of everything: a call that is refused changes no buffer.
void ModuleBuilder::requireRanks(ts::ForwardOp forward, Emitter &emitter) {
  for (auto [i, argument] : llvm::enumerate(forward.getBody().getArguments()))
    if (hasFixedRank(kernel, i))
      emitter.builder.create<ts::RequireRankOp>(
          kernel.getLoc(), argument, kernel.getInputName(i),
          cast<RankedTensorType>(kernel.getArgumentTypes()[i]).getRank());
}

/// "aten::relu_" of "aten::relu", before the overload.
static std::string inPlaceForm(StringRef name) {
  auto [base, overload] = name.split('.');
  return (base + "_" + (overload.empty() ? "" : ".") + overload).str();
}

LogicalResult ModuleBuilder::emitAten(AtenOpInterface op, Emitter &emitter) {
  AtenCall call;
  op.getAtenCall(call);
  if (op->hasAttr("esper.in_place"))
    call.name = inPlaceForm(call.name);
  ValueRange results = emitter.call(call);
  if (results.size() == 1 && isa<ts::TensorListType>(results[0].getType())) {
    SmallVector<Type> types(op->getNumResults(), ts::TensorType::get(op->getContext()));
    results = builder.create<ts::UnpackOp>(op.getLoc(), types, results[0])->getResults();
  }
  // Results that stand for buffer updates have no counterpart in the call.
  for (auto [result, emitted] : llvm::zip(op->getResults(), results))
    emitter.bind(result, emitted);
  return success();
}

/// Of a row-major first operand: torch could not differentiate it otherwise.
LogicalResult ModuleBuilder::emitRowMajor(AtenOpInterface op, Emitter &emitter) {
  Value input = op->getOperand(0), own = emitter.valueOf(input);
  emitter.bind(input, rowMajor(input, emitter));
  LogicalResult result = emitAten(op, emitter);
  emitter.bind(input, own);
  return result;
}

/// The call copies another value into the buffer. Who reads it reads a copy: what autograd keeps
/// for the backward pass must not change after.
bool ModuleBuilder::isOverwritten(esper::BufferOp buffer, const Emitter &emitter) {
  ReturnOp end = kernel.getReturn();
  for (auto [name, value] : llvm::zip(end.getUpdateNames(), end.getUpdates()))
    if (cast<StringAttr>(name).getValue() == buffer.getName())
      return value != buffer && !isUpdatedByOperator(value, buffer, emitter) &&
             !isa_and_present<IncrementOp>(value.getDefiningOp());
  return false;
}

LogicalResult ModuleBuilder::emitOp(Operation &op, Emitter &emitter) {
  emitter.location = op.getLoc();
  MLIRContext *context = op.getContext();
  if (isPackedOnly(&op))
    return success();
  if (isa<ParamOp, esper::BufferOp>(op)) {
    Value state = emitter.builder.create<ts::GetOp>(op.getLoc(), ts::TensorType::get(context),
                                                    op.getAttrOfType<StringAttr>("name"));
    auto buffer = dyn_cast<esper::BufferOp>(op);
    if (buffer && isOverwritten(buffer, emitter)) {
      overwritten[buffer] = state;
      state = emitter.call("aten::clone", {state, AtenNone()});
    }
    emitter.bind(op.getResult(0), state);
    return success();
  }
  if (auto training = dyn_cast<TrainingOp>(op)) {
    emitter.bind(training, emitter.builder.create<ts::TrainingOp>(
                               op.getLoc(), ts::BoolType::get(context), training.getModule()));
    return success();
  }
  if (isa<FlagOp>(op))
    return success();
  if (std::optional<FusedConvolution> fused = fusedConvolution(dyn_cast<ActivationOp>(op)))
    return emitFusedConvolution(*fused, emitter), success();
  if (emitter.beforeSteep.contains(&op) && emitCutOff(&op, emitter))
    return success();
  if (IrregularEmitter irregular = findIrregular(&op))
    return irregular(&op, emitter);
  auto aten = dyn_cast<AtenOpInterface>(op);
  if (aten && isStridedPointwise(&op) && !kernel->hasAttr("esper.infer"))
    return emitRowMajor(aten, emitter);
  if (aten)
    return emitAten(aten, emitter);
  return op.emitOpError("has no TorchScript form; composites must be decomposed first");
}

void ModuleBuilder::emitUpdate(StringRef name, Value value, Emitter &emitter) {
  Value buffer = buffers.lookup(name);
  if (value == buffer)
    return; // unchanged
  if (isUpdatedByOperator(value, buffer, emitter))
    return;
  Value target = overwritten.lookup(buffer);
  if (!target)
    target = emitter.valueOf(buffer);
  auto nothing = [] { return Value(); };
  auto increment = value.getDefiningOp<IncrementOp>();
  if (increment && increment.getInput() == buffer) {
    auto count = [&]() -> Value { return emitter.call("aten::add_", {target, 1, 1}), Value(); };
    emitter.choose(increment.getTraining(), count, nothing);
    return;
  }
  auto write = [&]() -> Value {
    // Without detach the buffer would join the graph of the next call.
    return emitter.call("aten::copy_", {target, emitter.call("aten::detach", {value})}), Value();
  };
  if (Value mode = modeOfUpdate(value, buffer))
    emitter.choose(mode, write, nothing);
  else
    write();
}

void ModuleBuilder::emitReturn(Emitter &emitter) {
  ReturnOp op = kernel.getReturn();
  emitter.location = op.getLoc();
  auto results =
      llvm::map_to_vector(op.getResults(), [&](Value value) { return emitter.valueOf(value); });
  // In front of the updates: a buffer that is a result is so as it was.
  separateResults(results, emitter);
  for (auto [name, value] : llvm::zip(op.getUpdateNames(), op.getUpdates()))
    emitUpdate(cast<StringAttr>(name).getValue(), value, emitter);
  emitter.builder.create<ts::ReturnOp>(op.getLoc(), results);
}

LogicalResult ModuleBuilder::emitBody(Emitter &emitter) {
  // Left out here, or the executor would: draws nobody reads must not hang on its settings.
  SmallVector<Operation *> unread = unreadOps(kernel);
  emitter.unread.insert_range(unread);
  if (!kernel->hasAttr("esper.infer"))
    findBeforeSteep(kernel, emitter);
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (emitter.isEmitted(&op) && !isAbsorbed(&op) && failed(emitOp(op, emitter)))
      return failure();
  emitReturn(emitter);
  return success();
}

LogicalResult ModuleBuilder::run() {
  auto module = builder.create<ts::ModuleOp>(kernel.getLoc(), kernel.getSymName(),
                                             !kernel->hasAttr("esper.infer"));
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&module.getBody());
  declareState();
  ts::ForwardOp forward = createForward();
  builder.setInsertionPointToStart(&forward.getBody().front());
  Emitter emitter(builder, kernel.getLoc());
  for (auto [argument, emitted] :
       llvm::zip(kernel.getArguments(), forward.getBody().getArguments()))
    emitter.bind(argument, emitted);
  requireRanks(forward, emitter);
  LogicalResult result = emitBody(emitter);
  numCalls = emitter.numCalls;
  return result;
}

namespace {
struct EsperToTorchScript : tez::impl::EsperToTorchScriptBase<EsperToTorchScript> {
  void runOnOperation() override {
    for (KernelOp kernel : llvm::make_early_inc_range(getOperation().getOps<KernelOp>())) {
      OpBuilder builder(kernel);
      ModuleBuilder module(kernel, builder);
      if (failed(module.run()))
        return signalPassFailure();
      numCalls += module.numCalls;
      kernel.erase();
    }
  }
};
} // namespace
