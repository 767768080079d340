//===- State.cpp - Kernels, their state and their mode --------------------===//

#include "Signature.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "tez/Dialect/Esper/FixedRank.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// kernel
//===----------------------------------------------------------------------===//

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> inputs, ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag,
                      std::string &) { return builder.getFunctionType(inputs, results); };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void KernelOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false,
                                           getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}

ReturnOp KernelOp::getReturn() { return cast<ReturnOp>(getBody().front().getTerminator()); }

std::string KernelOp::getInputName(unsigned i) {
  if (auto name = getArgAttrOfType<StringAttr>(i, "esper.name"))
    return name.str();
  return "input" + std::to_string(i);
}

LogicalResult KernelOp::verify() {
  for (auto [i, type] : llvm::enumerate(getArgumentTypes()))
    if (!isa<RankedTensorType, OptionalType>(type))
      return emitOpError() << "input " << i << " has type " << type
                           << ", expected a ranked tensor or !esper.optional of one";
  for (auto [i, type] : llvm::enumerate(getResultTypes()))
    if (!isa<RankedTensorType>(type))
      return emitOpError() << "result " << i << " has type " << type
                           << ", expected a ranked tensor";
  for (auto [i, type] : llvm::enumerate(getArgumentTypes()))
    if (hasFixedRank(*this, i) && (getLeadingAny() || !isa<RankedTensorType>(type))) // C4
      return emitOpError() << "input " << i << " has esper.fixed_rank, expected that only at a "
                           << "tensor of a kernel that is not leading_any";
  return success();
}

/// Is the value made of parameters and buffers alone: it has no leading
/// dimensions that could grow.
static bool isOfState(Value value) {
  Operation *op = value.getDefiningOp();
  return op && (isa<ParamOp, BufferOp>(op) ||
                (op->getNumOperands() > 0 && llvm::all_of(op->getOperands(), isOfState)));
}

/// By its trait, or by what its operands and attributes are here.
static bool isLeadingAgnostic(Operation *op) {
  if (op->hasTrait<LeadingAgnostic>() || isOfState(op->getResult(0)))
    return true;
  if (auto product = dyn_cast<MatmulOp>(op))
    return shapeOf(product.getRight()).size() == 2 && isOfState(product.getRight());
  auto split = dyn_cast<SplitOp>(op);
  return split && int64_t(split.getDim()) < 0;
}

LogicalResult KernelOp::verifyRegions() {
  llvm::StringSet<> names;
  for (Operation &op : getBody().front()) {
    if (isa<ParamOp, BufferOp>(op)) {
      StringRef name = op.getAttrOfType<StringAttr>("name").getValue();
      if (!names.insert(name).second)
        return op.emitOpError() << "the name '" << name << "' is already taken in this kernel";
    }
    if (getLeadingAny() && isa<CostOpInterface>(op) && !isLeadingAgnostic(&op))
      return op.emitOpError("is not LeadingAgnostic, but the kernel is leading_any");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// return
//===----------------------------------------------------------------------===//

static llvm::StringMap<BufferOp> buffersOf(KernelOp kernel) {
  llvm::StringMap<BufferOp> buffers;
  for (BufferOp buffer : kernel.getBody().getOps<BufferOp>())
    buffers[buffer.getName()] = buffer;
  return buffers;
}

static LogicalResult verifyUpdates(ReturnOp op, KernelOp kernel) {
  llvm::StringMap<BufferOp> buffers = buffersOf(kernel);
  llvm::StringSet<> seen;
  if (op.getUpdateNames().size() != op.getUpdates().size())
    return op.emitOpError() << "has " << op.getUpdateNames().size() << " update names for "
                            << op.getUpdates().size() << " values";
  for (auto [attr, value] : llvm::zip(op.getUpdateNames(), op.getUpdates())) {
    StringRef name = cast<StringAttr>(attr).getValue();
    BufferOp buffer = buffers.lookup(name);
    if (!buffer)
      return op.emitOpError() << "updates '" << name << "', which is no buffer of the kernel";
    if (!seen.insert(name).second)
      return op.emitOpError() << "updates '" << name << "' twice";
    if (buffer.getType() != value.getType())
      return op.emitOpError() << "updates '" << name << "' of type " << buffer.getType()
                              << " with a value of type " << value.getType();
  }
  return success();
}

LogicalResult ReturnOp::verify() {
  auto kernel = cast<KernelOp>((*this)->getParentOp());
  if (getResults().getTypes() != TypeRange(kernel.getResultTypes()))
    return emitOpError() << "returns " << getResults().getTypes() << ", but the kernel declares "
                         << kernel.getResultTypes();
  return getUpdates().empty() && getUpdateNames().empty() ? success()
                                                          : verifyUpdates(*this, kernel);
}

//===----------------------------------------------------------------------===//
// param, buffer, training
//===----------------------------------------------------------------------===//

/// No empty part between dots. The path of the kernel itself is "".
static bool isStateName(StringRef name) {
  return !name.empty() && !name.starts_with(".") && !name.ends_with(".") && !name.contains("..");
}

/// The numbers of an initialiser make a distribution, or elements.
static bool isSound(InitAttr init) {
  double a = init.getA(), b = init.getB();
  if (init.getKind() == InitKind::Lower) // -inf above the diagonal is a mask
    return !std::isnan(a) && !std::isnan(b);
  bool finite = std::isfinite(a) && std::isfinite(b) && std::isfinite(b - a);
  return finite && (init.getKind() != InitKind::Uniform || a <= b) &&
         (init.getKind() != InitKind::Normal || b >= 0);
}

template <typename Op> static LogicalResult verifyState(Op op) {
  if (!isStateName(op.getName()))
    return op.emitOpError() << "the name '" << op.getName()
                            << "' must be parts joined by dots, none of them empty";
  if (!op.getType().hasStaticShape())
    return op.emitOpError() << "must have a static shape, found " << op.getType();
  if (!isSound(op.getInit())) // C3
    return op.emitOpError() << "expected finite numbers, low <= high and a deviation >= 0, found "
                            << op.getInit();
  if (op.getMemory() && !fitsRank(*op.getMemory(), op.getType().getRank())) // C4
    return op.emitOpError() << "memory " << stringifyMemoryFormat(*op.getMemory())
                            << " does not fit the rank of " << op.getType();
  return success();
}
LogicalResult ParamOp::verify() { return verifyState(*this); }
LogicalResult BufferOp::verify() { return verifyState(*this); }

LogicalResult TrainingOp::verify() {
  if (getModule().empty() || isStateName(getModule()))
    return success();
  return emitOpError() << "the path '" << getModule()
                       << "' must be parts joined by dots, none of them empty";
}

//===----------------------------------------------------------------------===//
// flag, increment, value_or
//===----------------------------------------------------------------------===//

OpFoldResult FlagOp::fold(FoldAdaptor) { return getValueAttr(); }

LogicalResult IncrementOp::verify() {
  if (isa<IntegerType>(elementOf(getInput())))
    return success();
  return emitOpError() << "counts in integers, found " << getInput().getType();
}

OpFoldResult IncrementOp::fold(FoldAdaptor adaptor) {
  auto training = dyn_cast_if_present<BoolAttr>(adaptor.getTraining());
  return training && !training.getValue() ? OpFoldResult(getInput()) : nullptr;
}

LogicalResult ValueOrOp::verify() {
  RankedTensorType tensor = getInput().getType().getTensor();
  if (getFallback().getType() == tensor && getType() == tensor)
    return success();
  return emitOpError() << "the default " << getFallback().getType() << " and the result "
                       << getType() << " must have type " << tensor;
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/State.cpp.inc"
