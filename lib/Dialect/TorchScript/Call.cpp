//===- Call.cpp - ts.call: its assembly and its check against the table ---===//

#include "tez/Dialect/TorchScript/Operators.h"
#include "tez/Dialect/TorchScript/TorchScript.h"

using namespace mlir;
using namespace tez::ts;

//===----------------------------------------------------------------------===//
// "aten::dropout"(%x, 0.5, %t) : (!ts.tensor, !ts.bool) -> !ts.tensor
//===----------------------------------------------------------------------===//

static ParseResult parseArgument(OpAsmParser &parser, SmallVectorImpl<Attribute> &args,
                                 SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands) {
  OpAsmParser::UnresolvedOperand operand;
  OptionalParseResult found = parser.parseOptionalOperand(operand);
  if (found.has_value()) {
    operands.push_back(operand);
    args.push_back(parser.getBuilder().getUnitAttr());
    return *found;
  }
  if (succeeded(parser.parseOptionalKeyword("none"))) {
    args.push_back(FlatSymbolRefAttr::get(parser.getContext(), "none"));
    return success();
  }
  return parser.parseAttribute(args.emplace_back());
}

ParseResult CallOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr callee;
  SmallVector<Attribute> args;
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  FunctionType type;
  auto one = [&] { return parseArgument(parser, args, operands); };
  if (parser.parseAttribute(callee) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, one) ||
      parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type) ||
      parser.resolveOperands(operands, type.getInputs(), parser.getNameLoc(), result.operands))
    return failure();
  result.addAttribute(getCalleeAttrName(result.name), callee);
  result.addAttribute(getArgsAttrName(result.name), parser.getBuilder().getArrayAttr(args));
  result.addTypes(type.getResults());
  return success();
}

/// A literal in ts.call: None is the symbol @none, so that no string is taken
/// for it.
static bool isNone(Attribute attr) { return isa<FlatSymbolRefAttr>(attr); }

static void printLiteral(OpAsmPrinter &printer, Attribute attr) {
  if (isNone(attr))
    printer << "none";
  else if (auto integer = dyn_cast<IntegerAttr>(attr); integer && !isa<BoolAttr>(attr))
    printer << integer.getInt();
  else if (auto number = dyn_cast<FloatAttr>(attr))
    printer.printFloat(number.getValue());
  else
    printer.printAttribute(attr);
}

void CallOp::print(OpAsmPrinter &printer) {
  auto operand = getOperands().begin();
  printer << " " << getCalleeAttr() << "(";
  llvm::interleaveComma(getArgs(), printer, [&](Attribute attr) {
    if (isa<UnitAttr>(attr))
      printer << *operand++;
    else
      printLiteral(printer, attr);
  });
  printer << ")";
  printer.printOptionalAttrDict((*this)->getAttrs(), {getCalleeAttrName(), getArgsAttrName()});
  printer << " : ";
  printer.printFunctionalType(*this);
}

//===----------------------------------------------------------------------===//
// Does a call fit a row of the table?
//===----------------------------------------------------------------------===//

static bool valueFits(Type type, SchemaType schema) {
  switch (schema) {
  case SchemaType::Tensor:
    return isa<tez::ts::TensorType>(type);
  case SchemaType::OptionalTensor:
    return isa<tez::ts::TensorType, OptionalTensorType>(type);
  case SchemaType::TensorList:
    return isa<TensorListType>(type);
  case SchemaType::Bool:
    return isa<BoolType>(type);
  case SchemaType::IntList:
    return isa<IntListType>(type);
  case SchemaType::Packed:
    return isa<PackedType>(type);
  case SchemaType::Float: // TorchScript converts it: aten::FloatImplicit
    return isa<tez::ts::TensorType>(type);
  case SchemaType::Int:
  case SchemaType::OptionalInt:
  case SchemaType::Scalar:
    return isa<IntType>(type);
  default:
    return false;
  }
}

static bool isInt(Attribute attr) {
  auto integer = dyn_cast<IntegerAttr>(attr);
  return integer && integer.getType().isInteger(64);
}

static bool literalFits(Attribute attr, SchemaType schema) {
  switch (schema) {
  case SchemaType::Int:
  case SchemaType::OptionalInt:
    return isInt(attr) || (isNone(attr) && schema == SchemaType::OptionalInt);
  case SchemaType::Float:
  case SchemaType::OptionalFloat:
    return isa<FloatAttr>(attr) || (isNone(attr) && schema == SchemaType::OptionalFloat);
  case SchemaType::Scalar:
  case SchemaType::OptionalScalar:
    return isInt(attr) || isa<FloatAttr>(attr) ||
           (isNone(attr) && schema == SchemaType::OptionalScalar);
  case SchemaType::Bool:
  case SchemaType::OptionalBool:
    return isa<BoolAttr>(attr) || (isNone(attr) && schema == SchemaType::OptionalBool);
  case SchemaType::String:
    return isa<StringAttr>(attr);
  case SchemaType::IntList:
    return isa<DenseI64ArrayAttr>(attr);
  case SchemaType::OptionalIntList:
    return isa<DenseI64ArrayAttr>(attr) || isNone(attr);
  case SchemaType::OptionalFloatList:
    return isa<DenseF64ArrayAttr>(attr) || isNone(attr);
  case SchemaType::OptionalTensor:
  case SchemaType::OptionalString:
  case SchemaType::None:
    return isNone(attr);
  case SchemaType::Tensor:
  case SchemaType::TensorList:
  case SchemaType::Packed:
    return false;
  }
  return false;
}

/// Why the call does not fit the row; empty when it does.
static std::string mismatch(CallOp call, const Operator &row) {
  if (call.getArgs().size() > row.arguments.size())
    return "takes " + std::to_string(row.arguments.size()) + " arguments, found " +
           std::to_string(call.getArgs().size());
  auto operand = call.getOperands().begin();
  for (auto [i, attr] : llvm::enumerate(call.getArgs())) {
    bool fits = isa<UnitAttr>(attr) ? valueFits((*operand++).getType(), row.arguments[i])
                                    : literalFits(attr, row.arguments[i]);
    if (!fits)
      return "argument " + std::to_string(i) + " must be " + spelling(row.arguments[i]).str();
  }
  return "";
}

LogicalResult CallOp::verify() {
  size_t places = llvm::count_if(getArgs(), [](Attribute attr) { return isa<UnitAttr>(attr); });
  if (places != getOperands().size()) // C2, and what mismatch() relies on
    return emitOpError() << "has places for " << places << " operands, found "
                         << getOperands().size();
  ArrayRef<Operator> rows = operatorsNamed(getCallee());
  if (rows.empty()) // C1
    return emitOpError() << "'" << getCallee() << "' is not in the table of operators";
  std::string why;
  const Operator *fitting = llvm::find_if(rows, [&](const Operator &row) {
    std::string reason = mismatch(*this, row);
    if (!reason.empty())
      why = reason;
    return reason.empty();
  });
  if (fitting == rows.end()) // C2
    return emitOpError() << getCallee() << " " << why;
  auto module = (*this)->getParentOfType<tez::ts::ModuleOp>();
  bool neverTrains =
      fitting->gradient == Gradient::InPlace || (fitting->gradient == Gradient::Differentiable &&
                                                 StringRef(fitting->note).contains("infer only"));
  if (module && module.getTrainable() && neverTrains) // C3
    return emitOpError() << getCallee() << " is not for trainable modules: " << fitting->note;
  bool results = getResults().size() == fitting->results.size() &&
                 llvm::all_of(llvm::zip(getResultTypes(), fitting->results), [](auto pair) {
                   return valueFits(std::get<0>(pair), std::get<1>(pair));
                 });
  if (!results) // C4
    return emitOpError() << "has " << getResults().size() << " results, " << getCallee() << " has "
                         << fitting->results.size();
  return success();
}
