//===- Emitter.cpp - Operator calls from AtenCalls ------------------------===//

#include "Emitter.h"
#include "tez/Dialect/TorchScript/Operators.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

void Emitter::addOperand(Value value, SmallVectorImpl<Attribute> &args,
                         SmallVectorImpl<Value> &operands) {
  if (auto flag = value.getDefiningOp<FlagOp>())
    return args.push_back(flag.getValueAttr());
  args.push_back(builder.getUnitAttr());
  operands.push_back(emitted(value));
}

void Emitter::addArgument(const AtenArg &argument, SmallVectorImpl<Attribute> &args,
                          SmallVectorImpl<Value> &operands) {
  auto literal = [&](Attribute attr) { args.push_back(attr); };
  std::visit(
      [&](const auto &value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, AtenNone>) {
          literal(FlatSymbolRefAttr::get(builder.getContext(), "none"));
        } else if constexpr (std::is_same_v<T, Value>) {
          addOperand(value, args, operands);
        } else if constexpr (std::is_same_v<T, AtenArg::Values>) {
          auto elements = llvm::map_to_vector(value, [&](Value v) { return emitted(v); });
          addOperand(builder.create<ts::ListOp>(
                         location, ts::TensorListType::get(builder.getContext()), elements),
                     args, operands);
        } else if constexpr (std::is_same_v<T, int64_t>) {
          literal(builder.getI64IntegerAttr(value));
        } else if constexpr (std::is_same_v<T, double>) {
          literal(builder.getF64FloatAttr(value));
        } else if constexpr (std::is_same_v<T, bool>) {
          literal(builder.getBoolAttr(value));
        } else if constexpr (std::is_same_v<T, std::string>) {
          literal(builder.getStringAttr(value));
        } else if constexpr (std::is_same_v<T, AtenArg::Doubles>) {
          literal(builder.getDenseF64ArrayAttr(value));
        } else {
          literal(builder.getDenseI64ArrayAttr(value));
        }
      },
      argument.value);
}

static Type resultType(MLIRContext *context, ts::SchemaType type) {
  if (type == ts::SchemaType::TensorList)
    return ts::TensorListType::get(context);
  if (type == ts::SchemaType::Int)
    return ts::IntType::get(context);
  if (type == ts::SchemaType::Bool)
    return ts::BoolType::get(context);
  return ts::TensorType::get(context);
}

/// The row of an overload that is named, else the first of the name.
static const ts::Operator *rowOf(StringRef name, ArrayRef<ts::Operator> rows) {
  const ts::Operator *row = llvm::find_if(rows, [&](const ts::Operator &candidate) {
    StringRef schema = candidate.schema;
    return schema.consume_front(name) && schema.starts_with("(");
  });
  return row == rows.end() ? rows.begin() : row;
}

/// The overload is found by the arguments.
static StringRef withoutOverload(StringRef name) {
  size_t dot = name.find('.');
  return dot == StringRef::npos ? name : name.take_front(dot);
}

ValueRange Emitter::call(const AtenCall &call) {
  StringRef name = withoutOverload(call.name);
  SmallVector<Attribute> args;
  SmallVector<Value> operands;
  for (const AtenArg &argument : call.arguments)
    addArgument(argument, args, operands);
  SmallVector<Type> types = {ts::TensorType::get(builder.getContext())};
  if (ArrayRef<ts::Operator> rows = ts::operatorsNamed(name); !rows.empty())
    types = llvm::map_to_vector(rowOf(call.name, rows)->results, [&](ts::SchemaType type) {
      return resultType(builder.getContext(), type);
    });
  ++numCalls;
  return builder.create<ts::CallOp>(location, types, name, operands, builder.getArrayAttr(args))
      ->getResults();
}

Value Emitter::call(StringRef name, ArrayRef<AtenArg> arguments) {
  AtenCall made;
  made.set(name, arguments);
  return call(made)[0];
}

Value Emitter::number(int64_t value) {
  return builder.create<ts::IntOp>(location, ts::IntType::get(builder.getContext()),
                                   builder.getI64IntegerAttr(value));
}

Value Emitter::numbers(ArrayRef<Value> elements) {
  return builder.create<ts::IntListOp>(location, ts::IntListType::get(builder.getContext()),
                                       elements);
}

static void fillBranch(Emitter &emitter, Region &region, llvm::function_ref<Value()> body) {
  OpBuilder::InsertionGuard guard(emitter.builder);
  emitter.builder.createBlock(&region);
  Value result = body();
  emitter.builder.create<ts::YieldOp>(emitter.location, result ? ValueRange(result) : ValueRange());
}

Value Emitter::branch(Value condition, llvm::function_ref<Value()> then,
                      llvm::function_ref<Value()> otherwise) {
  OperationState state(location, ts::IfOp::getOperationName());
  state.addOperands(condition);
  Region *first = state.addRegion(), *second = state.addRegion();
  fillBranch(*this, *first, then);
  fillBranch(*this, *second, otherwise);
  state.addTypes(first->front().back().getOperandTypes());
  Operation *op = builder.create(state);
  return op->getNumResults() ? op->getResult(0) : Value();
}

Value Emitter::choose(Value flag, llvm::function_ref<Value()> then,
                      llvm::function_ref<Value()> otherwise) {
  if (auto known = flag.getDefiningOp<FlagOp>())
    return known.getValue() ? then() : otherwise();
  return branch(valueOf(flag), then, otherwise);
}
