//===- Module.cpp - Modules, state and control flow of ts -----------------===//

#include "tez/Dialect/TorchScript/Operators.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tez::ts;

ForwardOp tez::ts::ModuleOp::getForward() {
  auto forwards = getBody().getOps<ForwardOp>();
  return forwards.empty() ? nullptr : *forwards.begin();
}

/// "a.b" for "a.b.weight", "" for "weight".
static StringRef parentPath(StringRef name) {
  size_t dot = name.rfind('.');
  return dot == StringRef::npos ? StringRef() : name.take_front(dot);
}

/// Adds `path` and all that hold it, up to the first that is known.
static void addModulePaths(StringRef path, llvm::StringSet<> &modules) {
  while (!path.empty() && modules.insert(path).second)
    path = parentPath(path);
}

static StringRef stateName(Operation &op) {
  auto name = op.getAttrOfType<StringAttr>("name");
  return isa<ParameterOp, BufferOp, PackedOp>(op) && name ? name.getValue() : StringRef();
}

/// C1 of ts.get, here because the names are at hand.
static LogicalResult verifyGets(tez::ts::ModuleOp module) {
  llvm::StringMap<bool> packed;
  for (Operation &op : module.getBody().front())
    if (StringRef name = stateName(op); !name.empty())
      packed[name] = isa<PackedOp>(op);
  WalkResult result = module.getForward().walk([&](GetOp get) -> WalkResult {
    bool wanted = isa<PackedType>(get.getType());
    auto found = packed.find(get.getName());
    if (found != packed.end() && found->second == wanted)
      return WalkResult::advance();
    return get.emitOpError() << "the module has no "
                             << (wanted ? "packed weight" : "parameter or buffer") << " '"
                             << get.getName() << "'";
  });
  return failure(result.wasInterrupted());
}

LogicalResult tez::ts::ModuleOp::verifyRegions() {
  llvm::StringSet<> names, modules;
  for (Operation &op : getBody().front()) {
    if (StringRef name = stateName(op); !name.empty()) {
      if (!names.insert(name).second) // C2
        return op.emitOpError() << "the name '" << name << "' is already taken";
      addModulePaths(parentPath(name), modules);
    } else if (auto submodule = dyn_cast<SubmoduleOp>(op)) {
      addModulePaths(submodule.getPath(), modules);
    }
  }
  for (Operation &op : getBody().front())
    if (StringRef name = stateName(op); modules.contains(name)) // C3
      return op.emitOpError() << "'" << name << "' is also the path of a module";
  auto forwards = getBody().getOps<ForwardOp>();
  if (!llvm::hasSingleElement(forwards) || !isa<ForwardOp>(getBody().front().back())) // C1
    return emitOpError("must end in its only ts.forward");
  return verifyGets(*this);
}

static bool fitsRank(StringRef memory, int64_t rank) {
  return memory == "channels_last" && (rank == 4 || rank == 5);
}

template <typename Op> static LogicalResult verifyState(Op op) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type || !type.hasStaticShape()) // C1
    return op.emitOpError() << "has type " << op.getType() << ", expected a tensor of static shape";
  if (op.getMemory() && !fitsRank(*op.getMemory(), type.getRank())) // C2
    return op.emitOpError() << "cannot lay out " << type << " as \"" << *op.getMemory() << "\"";
  return success();
}
LogicalResult ParameterOp::verify() { return verifyState(*this); }
LogicalResult BufferOp::verify() { return verifyState(*this); }

LogicalResult PackedOp::verify() {
  bool conv = getPrepack() == "quantized::conv2d_prepack";
  if (!conv && getPrepack() != "quantized::linear_prepack") // C1
    return emitOpError() << "'" << getPrepack() << "' is not an operator that packs weights";
  size_t expected = conv ? 7 : 0;
  if (getSizes().size() != expected) // C2
    return emitOpError() << "has " << getSizes().size() << " sizes, expected " << expected;
  return success();
}

LogicalResult SubmoduleOp::verify() {
  return getPath().empty() ? emitOpError("has an empty path") : success();
}

//===----------------------------------------------------------------------===//
// forward
//===----------------------------------------------------------------------===//

ParseResult ForwardOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Attribute> names;
  auto one = [&]() -> ParseResult {
    StringAttr name;
    if (parser.parseArgument(arguments.emplace_back(), /*allowType=*/true) ||
        parser.parseAttribute(name))
      return failure();
    names.push_back(name);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, one) ||
      parser.parseRegion(*result.addRegion(), arguments) ||
      parser.parseOptionalAttrDict(result.attributes))
    return failure();
  result.addAttribute(getNamesAttrName(result.name), parser.getBuilder().getArrayAttr(names));
  return success();
}

void ForwardOp::print(OpAsmPrinter &printer) {
  printer << "(";
  llvm::interleaveComma(llvm::zip(getBody().getArguments(), getNames()), printer, [&](auto pair) {
    printer.printRegionArgument(std::get<0>(pair));
    printer << " " << std::get<1>(pair);
  });
  printer << ") ";
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer.printOptionalAttrDict((*this)->getAttrs(), {getNamesAttrName()});
}

static bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name[0]) &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

LogicalResult ForwardOp::verifyRegions() {
  llvm::StringSet<> seen;
  if (getNames().size() != getBody().getNumArguments()) // C1
    return emitOpError() << "has " << getNames().size() << " names for "
                         << getBody().getNumArguments() << " arguments";
  for (auto name : getNames().getAsValueRange<StringAttr>())
    if (!isIdentifier(name) || !seen.insert(name).second)
      return emitOpError() << "argument name '" << name << "' must be a distinct identifier";
  for (Type type : getBody().getArgumentTypes()) // C2
    if (!isa<tez::ts::TensorType, OptionalTensorType>(type))
      return emitOpError() << "argument has type " << type
                           << ", expected !ts.tensor or !ts.optional_tensor";
  return success();
}

LogicalResult RequireRankOp::verify() {
  int64_t rank = getRank();
  return rank < 0 ? emitOpError() << "requires the rank " << rank : success();
}

LogicalResult IfOp::verifyRegions() {
  for (Region *branch : getRegions()) {
    auto yield = dyn_cast<YieldOp>(branch->front().back());
    if (!yield || yield.getResults().getTypes() != getResultTypes())
      return emitOpError() << "both branches must yield " << getResultTypes();
  }
  return success();
}

#define GET_OP_CLASSES
#include "tez/Dialect/TorchScript/TorchScriptOps.cpp.inc"
