//===- FormProducts.cpp - Products and their epilogues --------------------===//

#include "Elementwise.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_FORMPRODUCTS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ProductOp;

/// `[k, n]` as right factor, or `[n, k]`; nullopt for other maps.
static std::optional<bool> isTransposed(linalg::GenericOp op) {
  if (op.getNumLoops() != 3 || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
    return std::nullopt;
  AffineExpr m, n, k;
  bindDims(op.getContext(), m, n, k);
  auto maps = op.getIndexingMapsArray();
  auto is = [&](unsigned i, AffineExpr first, AffineExpr second) {
    return maps[i] == AffineMap::get(3, 0, {first, second}, op.getContext());
  };
  if (!is(0, m, k) || !is(2, m, n))
    return std::nullopt;
  if (is(1, k, n))
    return false;
  return is(1, n, k) ? std::optional(true) : std::nullopt;
}

/// What `Widening` makes of a block's argument; null for anything else.
template <typename Widening> static Value widened(Value value) {
  auto widening = value.getDefiningOp<Widening>();
  return widening ? widening.getIn() : Value();
}

/// Factors, or what bf16 ones and unsigned and signed 8-bit ones are widened to.
static bool areFactors(Value left, Value right, Block &body) {
  auto are = [&](Value a, Value b) {
    return a && a == body.getArgument(0) && b == body.getArgument(1);
  };
  return are(left, right) || are(left, widened<arith::ExtFOp>(right)) ||
         are(widened<arith::ExtFOp>(left), widened<arith::ExtFOp>(right)) ||
         are(widened<arith::ExtUIOp>(left), widened<arith::ExtSIOp>(right));
}

template <typename Add, typename Multiply> static bool isMultiplyAdd(Value sum, Block &body) {
  auto add = sum.getDefiningOp<Add>();
  if (!add || !llvm::is_contained(add->getOperands(), Value(body.getArgument(2))))
    return false;
  Value other = add.getLhs() == body.getArgument(2) ? add.getRhs() : add.getLhs();
  auto multiply = other.template getDefiningOp<Multiply>();
  return multiply && areFactors(multiply.getLhs(), multiply.getRhs(), body);
}

/// Adds the product of its two operands to what is there.
static bool isMultiplyAdd(Block &body) {
  auto yield = dyn_cast<linalg::YieldOp>(body.getTerminator());
  if (!yield || yield.getNumOperands() != 1 || body.getNumArguments() != 3)
    return false;
  Value sum = yield.getOperand(0);
  return isMultiplyAdd<arith::AddFOp, arith::MulFOp>(sum, body) ||
         isMultiplyAdd<arith::AddIOp, arith::MulIOp>(sum, body);
}

/// The tensor that a fill with zero overwrites; null for anything else.
static Value zeroFilled(Value value) {
  auto fill = value.getDefiningOp<linalg::FillOp>();
  Value with = fill ? fill.getInputs()[0] : Value();
  if (!fill || !(matchPattern(with, m_AnyZeroFloat()) || matchPattern(with, m_Zero())))
    return {};
  return fill.getOutputs()[0];
}

namespace {
/// linalg's contraction over zeros => native.product that yields its sum.
struct FormProduct : OpRewritePattern<linalg::GenericOp> {
  FormProduct(MLIRContext *context, Pass::Statistic &count)
      : OpRewritePattern(context), count(count) {}

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    std::optional<bool> transposed = isTransposed(op);
    if (!transposed || !op.hasPureTensorSemantics() || !isMultiplyAdd(op.getRegion().front()))
      return failure();
    Value out = zeroFilled(op.getOutputs()[0]);
    if (!out)
      return failure();
    auto product = ProductOp::create(rewriter, op.getLoc(), op.getResultTypes(), op.getInputs()[0],
                                     op.getInputs()[1], ValueRange{}, out,
                                     rewriter.getDenseBoolArrayAttr({*transposed}),
                                     DenseI64ArrayAttr(), IntegerAttr());
    Type element = cast<ShapedType>(out.getType()).getElementType();
    OpBuilder::InsertionGuard guard(rewriter);
    Block *block = rewriter.createBlock(&product.getEpilogue(), {}, {element}, {op.getLoc()});
    native::YieldOp::create(rewriter, op.getLoc(), block->getArgument(0));
    rewriter.replaceOp(op, product.getResults());
    ++count;
    return success();
  }

  Pass::Statistic &count;
};

/// What an element-wise op and the products it reads become.
struct Fusion {
  SmallVector<Value> lefts, rights, extras;
  SmallVector<bool> transposed;
  SmallVector<ProductOp> products; ///< by operand of the element-wise op; null: an extra
};

/// An element-wise op that is the only reader of products => one product.
struct FuseEpilogue : OpRewritePattern<linalg::GenericOp> {
  FuseEpilogue(MLIRContext *context, Pass::Statistic &count)
      : OpRewritePattern(context), count(count) {}

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    std::optional<Fusion> fusion = collect(op);
    if (!fusion)
      return rewriter.notifyMatchFailure(op, "it reads no product that is its alone");
    auto product = ProductOp::create(rewriter, op.getLoc(), op.getResultTypes(), fusion->lefts,
                                     fusion->rights, fusion->extras, op.getOutputs()[0],
                                     rewriter.getDenseBoolArrayAttr(fusion->transposed),
                                     DenseI64ArrayAttr(), IntegerAttr());
    fillEpilogue(op, product, *fusion, rewriter);
    rewriter.replaceOp(op, product.getResults());
    for (ProductOp done : fusion->products)
      if (done)
        rewriter.eraseOp(done);
    ++count;
    return success();
  }

private:
  static std::optional<Fusion> collect(linalg::GenericOp op);
  static void fillEpilogue(linalg::GenericOp op, ProductOp product, const Fusion &fusion,
                           PatternRewriter &rewriter);

  Pass::Statistic &count;
};
} // namespace

static ProductOp productFor(Value operand, linalg::GenericOp reader) {
  auto product = operand.getDefiningOp<ProductOp>();
  bool only =
      product && llvm::all_of(operand.getUsers(), [&](Operation *user) { return user == reader; });
  return only && llvm::count(reader.getInputs(), operand) == 1 ? product : ProductOp();
}

std::optional<Fusion> FuseEpilogue::collect(linalg::GenericOp op) {
  if (!op.hasPureTensorSemantics() || !native::isElementwise(op))
    return std::nullopt;
  Fusion fusion;
  SmallVector<Value> own; // extras of the element-wise op come behind those of its products
  for (Value operand : op.getInputs()) {
    ProductOp product = productFor(operand, op);
    fusion.products.push_back(product);
    if (!product) {
      own.push_back(operand);
      continue;
    }
    llvm::append_range(fusion.lefts, product.getLefts());
    llvm::append_range(fusion.rights, product.getRights());
    llvm::append_range(fusion.extras, product.getExtras());
    for (unsigned i = 0; i < product.getLefts().size(); ++i)
      fusion.transposed.push_back(product.isTransposed(i));
  }
  llvm::append_range(fusion.extras, own);
  return fusion.lefts.empty() ? std::nullopt : std::optional(std::move(fusion));
}

/// A number that stays in a register is not rounded to bf16 for the op behind.
static void keepWide(Block &block, PatternRewriter &rewriter) {
  for (auto extension : llvm::make_early_inc_range(block.getOps<arith::ExtFOp>()))
    if (auto rounding = extension.getIn().getDefiningOp<arith::TruncFOp>();
        rounding && rounding.getIn().getType() == extension.getType())
      rewriter.replaceOp(extension, rounding.getIn());
}

/// The epilogues of the products, then the body of the element-wise op.
void FuseEpilogue::fillEpilogue(linalg::GenericOp op, ProductOp product, const Fusion &fusion,
                                PatternRewriter &rewriter) {
  OpBuilder::InsertionGuard guard(rewriter);
  size_t sums = fusion.lefts.size();
  SmallVector<Type> types;
  for (unsigned i = 0; i < sums; ++i)
    types.push_back(product.getSumType(i));
  for (Value operand : fusion.extras)
    types.push_back(cast<ShapedType>(operand.getType()).getElementType());
  Block *block = rewriter.createBlock(&product.getEpilogue(), {}, types,
                                      SmallVector<Location>(types.size(), op.getLoc()));
  unsigned sum = 0, extra = sums;
  IRMapping values;
  auto copy = [&](Block &from) {
    for (Operation &inner : from.without_terminator())
      rewriter.clone(inner, values);
    return values.lookupOrDefault(from.getTerminator()->getOperand(0));
  };
  SmallVector<Value> results;
  for (ProductOp part : fusion.products) {
    results.emplace_back();
    if (!part)
      continue;
    Block &epilogue = part.getEpilogue().front();
    for (auto [i, argument] : llvm::enumerate(epilogue.getArguments()))
      values.map(argument, block->getArgument(i < part.getLefts().size() ? sum++ : extra++));
    results.back() = copy(epilogue);
  }
  Block &body = op.getRegion().front();
  for (auto [i, part] : llvm::enumerate(fusion.products))
    values.map(body.getArgument(i), part ? results[i] : block->getArgument(extra++));
  native::YieldOp::create(rewriter, op.getLoc(), copy(body));
  keepWide(*block, rewriter);
}

namespace {
struct FormProductsPass : tez::impl::FormProductsBase<FormProductsPass> {
  void runOnOperation() override {
    // All products first: one that is not yet a product would only be an extra of another.
    RewritePatternSet products(&getContext()), epilogues(&getContext());
    products.add<FormProduct>(&getContext(), numProducts);
    epilogues.add<FuseEpilogue>(&getContext(), numFused);
    if (failed(applyPatternsGreedily(getOperation(), std::move(products))) ||
        failed(applyPatternsGreedily(getOperation(), std::move(epilogues))))
      signalPassFailure();
  }
};
} // namespace
