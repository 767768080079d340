//===- Dialect.cpp - Registration, attributes and types of esper ----------===//

#include "Bytecode.h"
#include "mlir/IR/DialectImplementation.h"
#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez::esper;

#include "tez/Dialect/Esper/EsperDialect.cpp.inc"
#include "tez/Dialect/Esper/EsperEnums.cpp.inc"
#include "tez/Dialect/Esper/EsperInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "tez/Dialect/Esper/EsperAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "tez/Dialect/Esper/EsperTypes.cpp.inc"

void EsperDialect::initialize() {
  registerTypes();
  registerAttributes();
  addBytecodeInterface(*this);
  addOperations<
#define GET_OP_LIST
#include "tez/Dialect/Esper/Ops.cpp.inc"
      >();
}

void EsperDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "tez/Dialect/Esper/EsperTypes.cpp.inc"
      >();
}

void EsperDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "tez/Dialect/Esper/EsperAttrs.cpp.inc"
      >();
}

double tez::esper::countElements(Type type) {
  double count = 1;
  for (int64_t dim : cast<RankedTensorType>(type).getShape())
    count *= ShapedType::isDynamic(dim) ? 0 : double(dim);
  return count;
}

// <kind, a[, b][, zero_row = r]>
Attribute InitAttr::parse(AsmParser &parser, Type) {
  FailureOr<InitKind> kind;
  StringRef keyword;
  double a = 0, b = 0;
  int64_t zeroRow = -1;
  SMLoc at;
  if (parser.parseLess() || parser.getCurrentLocation(&at) || parser.parseKeyword(&keyword))
    return {};
  std::optional<InitKind> known = symbolizeInitKind(keyword);
  if (!known) {
    parser.emitError(at) << "found '" << keyword
                         << "', expected constant, uniform, normal, range or lower";
    return {};
  }
  if (parser.parseComma() || parser.parseFloat(a))
    return {};
  if (*known != InitKind::Constant && (parser.parseComma() || parser.parseFloat(b)))
    return {};
  if (succeeded(parser.parseOptionalComma()) &&
      (parser.parseKeyword("zero_row") || parser.parseEqual() || parser.parseInteger(zeroRow)))
    return {};
  if (parser.parseGreater())
    return {};
  return InitAttr::get(parser.getContext(), *known, a, b, zeroRow);
}

void InitAttr::print(AsmPrinter &printer) const {
  printer << "<" << stringifyInitKind(getKind()) << ", ";
  printer.printFloat(APFloat(getA()));
  if (getKind() != InitKind::Constant) {
    printer << ", ";
    printer.printFloat(APFloat(getB()));
  }
  if (getZeroRow() >= 0)
    printer << ", zero_row = " << getZeroRow();
  printer << ">";
}
