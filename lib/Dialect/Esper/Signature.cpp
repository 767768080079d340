//===- Signature.cpp - Assembly pieces shared by ops ----------------------===//

#include "Signature.h"

using namespace mlir;
using namespace tez::esper;

ParseResult tez::esper::parseUpdates(OpAsmParser &parser, ArrayAttr &names,
                                     SmallVectorImpl<OpAsmParser::UnresolvedOperand> &updates,
                                     SmallVectorImpl<Type> &types) {
  SmallVector<Attribute> parsed;
  auto one = [&]() -> ParseResult {
    StringAttr name;
    return failure(parser.parseAttribute(name) || parser.parseEqual() ||
                   parser.parseOperand(updates.emplace_back()) ||
                   parser.parseColonType(types.emplace_back()) || (parsed.push_back(name), false));
  };
  if (succeeded(parser.parseOptionalKeyword("updates")) &&
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, one))
    return failure();
  names = parser.getBuilder().getArrayAttr(parsed);
  return success();
}

void tez::esper::printUpdates(OpAsmPrinter &printer, Operation *, ArrayAttr names,
                              OperandRange updates, TypeRange types) {
  if (names.empty())
    return;
  printer << "updates(";
  llvm::interleaveComma(llvm::zip(names, updates, types), printer, [&](auto update) {
    auto [name, value, type] = update;
    printer << name << " = " << value << " : " << type;
  });
  printer << ")";
}

ParseResult tez::esper::parseValueOrTypes(OpAsmParser &parser, Type &input, Type &fallback,
                                          Type &output) {
  SMLoc at = parser.getCurrentLocation();
  if (parser.parseType(input))
    return failure();
  auto optional = dyn_cast<OptionalType>(input);
  if (!optional)
    return parser.emitError(at) << "found " << input << ", expected !esper.optional<...>";
  fallback = output = optional.getTensor();
  return success();
}

void tez::esper::printValueOrTypes(OpAsmPrinter &printer, Operation *, Type input, Type, Type) {
  printer << input;
}

ParseResult tez::esper::parseParameters(OpAsmParser &parser, DenseF64ArrayAttr &parameters) {
  SmallVector<double> values;
  if (succeeded(parser.parseOptionalLParen()))
    if (parser.parseCommaSeparatedList([&] { return parser.parseFloat(values.emplace_back()); }) ||
        parser.parseRParen())
      return failure();
  parameters = parser.getBuilder().getDenseF64ArrayAttr(values);
  return success();
}

void tez::esper::printParameters(OpAsmPrinter &printer, Operation *, DenseF64ArrayAttr parameters) {
  if (parameters.empty())
    return;
  printer << "(";
  llvm::interleaveComma(parameters.asArrayRef(), printer,
                        [&](double value) { printer.printFloat(APFloat(value)); });
  printer << ") ";
}
