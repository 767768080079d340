//===- EsperToLinalg.cpp - esper.kernel -> func.func of linalg ------------===//

#include "Columns.h"
#include "Images.h"
#include "Narrow.h"
#include "Obstacles.h"
#include "ScalarFunctions.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "tez/Conversion/Passes.h"
#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/TypeSwitch.h"

namespace tez {
#define GEN_PASS_DEF_ESPERTOLINALG
#include "tez/Conversion/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static RankedTensorType tensorType(Value value) {
  return dyn_cast<RankedTensorType>(value.getType());
}

namespace {
class KernelConverter {
public:
  KernelConverter(KernelOp kernel, const Attentions &attentions, bool wideRows)
      : kernel(kernel), attentions(attentions), wideRows(wideRows),
        builder(kernel.getLoc(), kernel.getContext()) {}

  void run();

private:
  RankedTensorType flatType(Value value) const;
  void createFunction();
  BlockArgument addArgument(Type type, StringRef mark, Attribute what, Location location);
  BlockArgument addTensor(Value value, StringRef mark, Attribute what);
  Value toTensor(Value memory);
  void convert(Operation &op);
  Value in(Value value);
  void convertImages(Operation &op);
  Value convertScale(ScaleOp op);
  Value convertAttention(const Attention &attention, RankedTensorType type);
  Value convertProduct(Value left, Value right, bool transposed, RankedTensorType type);
  Value convertLinear(Value left, Value right, bool transposed, Value bias, RankedTensorType type);
  struct OnGrid {
    Value values, scales, zeros; ///< the latter two of each row, where the call makes the grids
  };
  OnGrid quantized(QuantizedLinearOp op);
  Value columnSums(Value weight);
  Value convertQuantized(QuantizedLinearOp op);
  Value castTo(Type element, Value value);
  using Body = llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)>;
  Value elementwise(ValueRange operands, RankedTensorType type, Body body);
  template <typename Op> Value binary(Value left, Value right, RankedTensorType type);
  template <typename Made, typename Op> void convertBinary(Op op);
  Value rowNorm(Value input, Value weight, Value bias, double eps, bool centered);
  Value rowSoftmax(Value input, bool log);
  SmallVector<Value> convertColumns(Operation *op);
  Value convertGlu(GluOp op);
  Value emptyRows(RankedTensorType type);
  void convertReturn(esper::ReturnOp op);

  KernelOp kernel;
  const Attentions &attentions;
  bool wideRows; ///< values of bf16 are f32
  ImplicitLocOpBuilder builder;
  func::FuncOp function;
  Value rows;                            ///< how many
  Value positions;                       ///< rows of a sample, where there is an attention
  IRMapping values;                      ///< images with their channels last
  IRMapping planar;                      ///< inputs as torch has them
  IRMapping same;                        ///< of an op that moves nothing: what it reads
  llvm::DenseMap<Value, OnGrid> onGrids; ///< of rows that several layers read
};
} // namespace

/// The value as the function has it: leading dimensions are one; an image is a row.
RankedTensorType KernelConverter::flatType(Value value) const {
  RankedTensorType type = tensorType(value);
  if (isState(value))
    return type;
  int64_t columns =
      isImage(value) ? llvm::product_of(type.getShape().drop_front()) : type.getShape().back();
  Type element = wideRows ? Type(Float32Type::get(type.getContext())) : type.getElementType();
  return RankedTensorType::get({ShapedType::kDynamic, columns}, element);
}

static MemRefType memoryOf(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

BlockArgument KernelConverter::addArgument(Type type, StringRef mark, Attribute what,
                                           Location location) {
  unsigned index = function.getNumArguments();
  auto attributes = builder.getDictionaryAttr(builder.getNamedAttr(mark, what));
  (void)function.insertArgument(index, type, attributes, location);
  return function.getArgument(index);
}

/// An input or an output.
BlockArgument KernelConverter::addTensor(Value value, StringRef mark, Attribute what) {
  BlockArgument added = addArgument(memoryOf(flatType(value)), mark, what, value.getLoc());
  if (isImage(value))
    function.setArgAttr(added.getArgNumber(), native::imageAttr,
                        builder.getDenseI64ArrayAttr(tensorType(value).getShape().drop_front()));
  return added;
}

/// An image comes with its channels last, where it has been moved so once.
Value KernelConverter::in(Value value) {
  value = same.lookupOrDefault(value);
  if (!values.contains(value))
    values.map(value, ImageBuilder(builder, rows).toChannelsLast(value, planar.lookup(value)));
  return values.lookup(value);
}

Value KernelConverter::toTensor(Value memory) {
  auto type = cast<MemRefType>(memory.getType());
  return bufferization::ToTensorOp::create(
      builder, RankedTensorType::get(type.getShape(), type.getElementType()), memory,
      /*restrict=*/true, /*writable=*/false);
}

void KernelConverter::createFunction() {
  builder.setInsertionPoint(kernel);
  function = func::FuncOp::create(builder, kernel.getSymName(), builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  for (BlockArgument input : kernel.getArguments()) {
    Attribute name = kernel.getArgAttr(input.getArgNumber(), "esper.name");
    if (!name)
      name = builder.getStringAttr("input" + Twine(input.getArgNumber()));
    Value memory = addTensor(input, native::inputAttr, name);
    if (!rows)
      rows = memref::DimOp::create(builder, memory, 0);
    (isImage(input) ? planar : values).map(input, toTensor(memory));
  }
  if (!attentions.empty())
    positions = addArgument(builder.getIndexType(), native::positionsAttr, builder.getUnitAttr(),
                            kernel.getLoc());
}

Value KernelConverter::emptyRows(RankedTensorType type) {
  return tensor::EmptyOp::create(builder, type, ValueRange{rows});
}

/// Vectors run along the columns; a single column is the same for all. Elements of bf16 are
/// computed with in fp32.
Value KernelConverter::elementwise(ValueRange operands, RankedTensorType type, Body body) {
  AffineMap identity = builder.getMultiDimIdentityMap(2);
  AffineMap ofRow = AffineMap::get(
      2, 0, {builder.getAffineDimExpr(0), builder.getAffineConstantExpr(0)}, builder.getContext());
  SmallVector<AffineMap> maps;
  for (Value operand : operands) {
    RankedTensorType from = tensorType(operand);
    bool column = from.getRank() == 2 && from.getDimSize(1) == 1 && type.getDimSize(1) != 1;
    maps.push_back(column ? ofRow : from.getRank() == 2 ? identity : identity.getMinorSubMap(1));
  }
  maps.push_back(identity);
  SmallVector<utils::IteratorType> parallel(2, utils::IteratorType::parallel);
  auto build = [&](OpBuilder &nested, Location location, ValueRange elements) {
    ImplicitLocOpBuilder inner(location, nested);
    SmallVector<Value> widened;
    for (Value element : elements.drop_back())
      widened.push_back(widenNarrow(element, inner));
    Value made = roundTo(type.getElementType(), body(inner, widened), inner);
    linalg::YieldOp::create(inner, made);
  };
  return linalg::GenericOp::create(builder, TypeRange{type}, operands, ValueRange{emptyRows(type)},
                                   maps, parallel, build)
      .getResult(0);
}

template <typename Op>
Value KernelConverter::binary(Value left, Value right, RankedTensorType type) {
  return elementwise({left, right}, type, [](ImplicitLocOpBuilder &inner, ValueRange elements) {
    return Op::create(inner, elements[0], elements[1]);
  });
}

template <typename Made, typename Op> void KernelConverter::convertBinary(Op op) {
  values.map(op, binary<Made>(in(op.getLeft()), in(op.getRight()), flatType(op)));
}

/// sum_k left[m, k] * right[k, n], or right[n, k] where it is transposed, in the type's precision.
Value KernelConverter::convertProduct(Value left, Value right, bool transposed,
                                      RankedTensorType type) {
  AffineExpr m, n, k;
  bindDims(builder.getContext(), m, n, k);
  auto zero = arith::ConstantOp::create(builder, builder.getZeroAttr(type.getElementType()));
  Value start =
      linalg::FillOp::create(builder, ValueRange{zero}, ValueRange{emptyRows(type)}).result();
  SmallVector<AffineExpr> rightIndices{k, n};
  if (transposed)
    std::swap(rightIndices[0], rightIndices[1]);
  auto maps = AffineMap::inferFromExprList({ArrayRef<AffineExpr>{m, k}, rightIndices, {m, n}},
                                           builder.getContext());
  using utils::IteratorType;
  SmallVector<IteratorType> kinds{IteratorType::parallel, IteratorType::parallel,
                                  IteratorType::reduction};
  auto build = [](OpBuilder &nested, Location location, ValueRange elements) {
    ImplicitLocOpBuilder inner(location, nested);
    linalg::YieldOp::create(inner, addTerm(elements[2], elements[0], elements[1], inner));
  };
  return linalg::GenericOp::create(builder, TypeRange{type}, ValueRange{left, right},
                                   ValueRange{start}, maps, kinds, build)
      .getResult(0);
}

/// `bias` may be null.
Value KernelConverter::convertLinear(Value left, Value right, bool transposed, Value bias,
                                     RankedTensorType type) {
  RankedTensorType sums = RankedTensorType::get(type.getShape(), builder.getF32Type());
  Value made = convertProduct(left, right, transposed, sums);
  if (bias)
    return binary<arith::AddFOp>(made, bias, type);
  return castTo(type.getElementType(), made);
}

Value KernelConverter::castTo(Type element, Value value) {
  RankedTensorType type = tensorType(value);
  if (type.getElementType() == element)
    return value;
  return elementwise(value, RankedTensorType::get(type.getShape(), element),
                     [](ImplicitLocOpBuilder &, ValueRange x) { return x[0]; });
}

/// The rows on their grid: the one that the op has, or one for each row.
KernelConverter::OnGrid KernelConverter::quantized(QuantizedLinearOp op) {
  RankedTensorType rowsType = flatType(op.getInput());
  auto type = RankedTensorType::get(rowsType.getShape(), builder.getI8Type());
  Value input = in(op.getInput());
  if (op.getInputScale()) {
    float scale = op.getInputScale()->convertToFloat(), zero = float(*op.getInputZero());
    auto put = [&](ImplicitLocOpBuilder &inner, ValueRange x) {
      return putOnGrid(x[0], constant(1 / scale, inner), constant(zero, inner), inner);
    };
    return {elementwise(input, type, put), Value(), Value()};
  }
  OnGrid &made = onGrids[input];
  if (made.values)
    return made;
  auto column = RankedTensorType::get({ShapedType::kDynamic, 1}, builder.getF32Type());
  auto grid = native::RowGridOp::create(builder, TypeRange{column, column}, input,
                                        emptyRows(column), emptyRows(column));
  made.scales = grid.getResult(0);
  made.zeros = grid.getResult(1);
  auto put = [&](ImplicitLocOpBuilder &inner, ValueRange x) {
    Value inverse = arith::DivFOp::create(inner, constant(1, inner), x[1]);
    return putOnGrid(x[0], inverse, x[2], inner);
  };
  made.values = elementwise({input, made.scales, made.zeros}, type, put);
  return made;
}

/// Of an 8-bit weight, which are known when the file is made.
Value KernelConverter::columnSums(Value weight) {
  int64_t columns = tensorType(weight).getDimSize(0);
  auto name = weight.getDefiningOp()->getAttrOfType<StringAttr>("name");
  BlockArgument sums = addArgument(MemRefType::get({columns}, builder.getI32Type()),
                                   native::stateAttr, name, weight.getLoc());
  function.setArgAttr(sums.getArgNumber(), native::columnSumsAttr, builder.getUnitAttr());
  return toTensor(sums);
}

///   sum_k scale (q_k - zero) * s_n w_nk  =  scale s_n (sum_k q_k w_nk  -  zero sum_k w_nk)
/// of which what is in brackets is exact.
Value KernelConverter::convertQuantized(QuantizedLinearOp op) {
  RankedTensorType type = flatType(op);
  OnGrid rows = quantized(op);
  auto sums = RankedTensorType::get(type.getShape(), builder.getI32Type());
  SmallVector<Value> operands{convertProduct(rows.values, in(op.getWeight()), true, sums),
                              columnSums(op.getWeight()), in(op.getScales())};
  if (op.getBias())
    operands.push_back(in(op.getBias()));
  if (rows.scales)
    operands.append({rows.scales, rows.zeros});
  return elementwise(operands, type, [&](ImplicitLocOpBuilder &inner, ValueRange x) {
    GridPoint grid = rows.scales ? GridPoint{x[x.size() - 2], x.back()}
                                 : GridPoint{constant(op.getInputScale()->convertToFloat(), inner),
                                             constant(float(*op.getInputZero()), inner)};
    Value made = takeOffGrid(x[0], x[1], x[2], grid, inner);
    if (op.getBias())
      made = arith::AddFOp::create(inner, made, x[3]);
    return op.getRelu() ? makeActivation("relu", {}, made, inner) : made;
  });
}

/// Operands of the kernel; weight and bias may be null.
Value KernelConverter::rowNorm(Value input, Value weight, Value bias, double eps, bool centered) {
  auto ifAny = [&](Value value) { return value ? in(value) : Value(); };
  RankedTensorType type = flatType(input);
  return native::RowNormOp::create(builder, TypeRange{type}, in(input), ifAny(weight), ifAny(bias),
                                   emptyRows(type), llvm::APFloat(eps), centered)
      .getResult(0);
}

Value KernelConverter::rowSoftmax(Value input, bool log) {
  RankedTensorType type = flatType(input);
  return native::RowSoftmaxOp::create(builder, TypeRange{type}, in(input), emptyRows(type), log)
      .getResult(0);
}

/// One for each part.
SmallVector<Value> KernelConverter::convertColumns(Operation *op) {
  SmallVector<Value> made;
  for (const ColumnParts &parts : columnPartsOf(op)) {
    SmallVector<Value> operands;
    for (Value operand : parts.operands)
      operands.push_back(in(operand));
    int64_t columns = parts.groups * llvm::sum_of(parts.counts);
    auto type = RankedTensorType::get({ShapedType::kDynamic, columns},
                                      tensorType(operands[0]).getElementType());
    made.push_back(native::ColumnsOp::create(builder, TypeRange{type}, operands, emptyRows(type),
                                             parts.begins, parts.counts, uint64_t(parts.groups))
                       .getResult(0));
  }
  return made;
}

Value KernelConverter::convertGlu(GluOp op) {
  SmallVector<Value> halves = convertColumns(op);
  auto gate = [](ImplicitLocOpBuilder &inner, ValueRange x) -> Value {
    return arith::MulFOp::create(inner, x[0], makeActivation("sigmoid", {}, x[1], inner));
  };
  return elementwise(halves, flatType(op.getOutput()), gate);
}

void KernelConverter::convertReturn(esper::ReturnOp op) {
  for (Value result : op.getOperands()) {
    Value memory = addTensor(result, native::outputAttr, builder.getUnitAttr());
    Value made = in(result);
    if (isImage(result))
      made = ImageBuilder(builder, rows).toPlanar(result, made);
    auto stored = bufferization::MaterializeInDestinationOp::create(builder, Type(), made, memory);
    stored.setRestrict(true);
    stored.setWritable(true);
  }
  func::ReturnOp::create(builder);
}

Value KernelConverter::convertAttention(const Attention &attention, RankedTensorType type) {
  SdpaOp op = attention.op;
  builder.setLoc(op.getLoc());
  SmallVector<Value> operands;
  for (Value operand : attention.operands)
    operands.push_back(castTo(builder.getF32Type(), in(operand)));
  auto wide = RankedTensorType::get(type.getShape(), builder.getF32Type());
  Value made =
      native::AttentionOp::create(builder, TypeRange{wide}, operands[0], operands[1], operands[2],
                                  positions, emptyRows(wide), uint64_t(attention.heads),
                                  attention.columns, op.getScale(), op.getCausal())
          .getResult(0);
  return castTo(type.getElementType(), made);
}

Value KernelConverter::convertScale(ScaleOp op) {
  auto scale = [&](ImplicitLocOpBuilder &inner, ValueRange x) -> Value {
    double factor = op.getValue().convertToDouble();
    Value by = arith::ConstantOp::create(inner, inner.getF32FloatAttr(float(factor)));
    return arith::MulFOp::create(inner, x[0], by);
  };
  return elementwise(in(op.getInput()), flatType(op->getResult(0)), scale);
}

void KernelConverter::convert(Operation &op) {
  if (attentions.isInside(&op))
    return;
  if (const Attention *attention = attentions.find(&op))
    return values.map(op.getResult(0), convertAttention(*attention, flatType(op.getResult(0))));
  builder.setLoc(op.getLoc());
  auto type = [&] { return flatType(op.getResult(0)); };
  llvm::TypeSwitch<Operation *>(&op)
      .Case<ParamOp, BufferOp>([&](auto state) {
        Value memory = addArgument(memoryOf(tensorType(state)), native::stateAttr,
                                   state.getNameAttr(), op.getLoc());
        values.map(state, toTensor(memory));
      })
      .Case<ContiguousOp, DetachOp>(
          [&](auto op) { same.map(Value(op), same.lookupOrDefault(Value(op.getInput()))); })
      .Case<ScaleOp>([&](ScaleOp op) { values.map(op, convertScale(op)); })
      .Case<ActivationOp>([&](ActivationOp op) {
        auto function = [&](ImplicitLocOpBuilder &inner, ValueRange x) {
          return makeActivation(op.getKind(), op.getParameters(), x[0], inner);
        };
        values.map(op, elementwise(in(op.getInput()), type(), function));
      })
      .Case<AddOp>([&](AddOp op) { convertBinary<arith::AddFOp>(op); })
      .Case<SubtractOp>([&](SubtractOp op) { convertBinary<arith::SubFOp>(op); })
      .Case<MultiplyOp>([&](MultiplyOp op) { convertBinary<arith::MulFOp>(op); })
      .Case<DivideOp>([&](DivideOp op) { convertBinary<arith::DivFOp>(op); })
      .Case<MatmulOp>([&](MatmulOp op) {
        values.map(op, convertLinear(in(op.getLeft()), in(op.getRight()), false, Value(), type()));
      })
      .Case<LinearOp>([&](LinearOp op) {
        Value bias = op.getBias() ? in(op.getBias()) : Value();
        values.map(op, convertLinear(in(op.getInput()), in(op.getWeight()), true, bias, type()));
      })
      .Case<QuantizedLinearOp>([&](QuantizedLinearOp op) { values.map(op, convertQuantized(op)); })
      .Case<CastOp>(
          [&](CastOp op) { values.map(op, castTo(type().getElementType(), in(op.getInput()))); })
      .Case<LayerNormOp>([&](LayerNormOp op) {
        double eps = op.getEps().convertToDouble();
        values.map(op, rowNorm(op.getInput(), op.getWeight(), op.getBias(), eps, true));
      })
      .Case<RmsNormOp>([&](RmsNormOp op) {
        double eps = op.getEps() ? op.getEps()->convertToDouble()
                                 : double(std::numeric_limits<float>::epsilon());
        values.map(op, rowNorm(op.getInput(), op.getWeight(), Value(), eps, false));
      })
      .Case<SoftmaxOp>([&](SoftmaxOp op) { values.map(op, rowSoftmax(op.getInput(), false)); })
      .Case<LogSoftmaxOp>([&](LogSoftmaxOp op) { values.map(op, rowSoftmax(op.getInput(), true)); })
      .Case<ConcatOp, SplitOp, SliceOp>([&](auto op) {
        for (auto [result, part] : llvm::zip(op->getResults(), convertColumns(op)))
          values.map(result, part);
      })
      .Case<GluOp>([&](GluOp op) { values.map(op, convertGlu(op)); })
      .Case<esper::ReturnOp>([&](esper::ReturnOp op) { convertReturn(op); })
      .Default([&](Operation *op) { convertImages(*op); });
}

void KernelConverter::convertImages(Operation &op) {
  ImageBuilder images(builder, rows);
  Value result = op.getResult(0), input = same.lookupOrDefault(op.getOperand(0));
  if (auto conv = dyn_cast<ConvOp>(op)) {
    bool asItIs = planar.contains(input) && readsPlanar(conv);
    Value bias = conv.getBias() ? in(conv.getBias()) : Value();
    Value image = asItIs ? planar.lookup(input) : in(input);
    values.map(result, images.convolution(conv, image, in(conv.getWeight()), bias, asItIs));
  } else if (isa<FlattenOp>(op)) {
    bool asItIs = planar.contains(input);
    values.map(result, asItIs ? planar.lookup(input) : images.toPlanar(input, in(input)));
  } else {
    values.map(result, images.pool(&op, in(input)));
  }
}

void KernelConverter::run() {
  createFunction();
  for (Operation &op : kernel.getBody().front())
    convert(op);
  kernel.erase();
}

namespace {
struct EsperToLinalgPass : tez::impl::EsperToLinalgBase<EsperToLinalgPass> {
  using EsperToLinalgBase::EsperToLinalgBase;

  /// The functions take frozen state as arguments; how it came about is no code of theirs.
  void eraseDerivedState() {
    for (auto nested : llvm::make_early_inc_range(getOperation().getOps<mlir::ModuleOp>()))
      if (nested->hasAttr("esper.derived"))
        nested.erase();
  }

  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<KernelOp>())) {
      Attentions attentions(kernel);
      if (Operation *obstacle = findObstacle(kernel, attentions)) {
        auto options = remark::RemarkOpts::name("esper-to-linalg").category("native");
        remark::missed(obstacle->getLoc(), options)
            << ("no machine code: no lowering of " + obstacle->getName().getStringRef()).str();
        continue;
      }
      KernelConverter(kernel, attentions, wideRows).run();
      ++numKernels;
    }
    if (getOperation().getOps<KernelOp>().empty())
      eraseDerivedState();
  }
};
} // namespace
