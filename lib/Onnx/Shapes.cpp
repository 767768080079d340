//===- Shapes.cpp - The same elements in another shape or order ------------===//

#include "Emitters.h"
#include <numeric>

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// The first `kept` dimensions as they are, then `middle`, then those of `input` from `next` on.
static Name reshapeMiddle(Value input, int64_t kept, ArrayRef<int64_t> middle, int64_t next,
                          Graph &g) {
  SmallVector<int64_t> shape(size_t(kept), 0);
  shape.append(middle.begin(), middle.end());
  ArrayRef<int64_t> rest = shapeOf(input).drop_front(next);
  if (llvm::any_of(rest, ShapedType::isDynamic)) {
    Name tail = g.node("Shape", {g(input)}, {{"start", next}});
    Name whole = g.node("Concat", {g.integers(shape), tail}, {{"axis", int64_t(0)}});
    return g.node("Reshape", {g(input), whole});
  }
  shape.append(rest.begin(), rest.end());
  return g.reshape(g(input), shape);
}

static Name reshape(ReshapeOp op, Graph &g) {
  return g.node("Reshape", {g(op.getInput()), g.integers(op.getShape())},
                {{"allowzero", int64_t(1)}});
}

static Name flatten(FlattenOp op, Graph &g) {
  int64_t start = fromFront(op.getStartDim(), op.getInput());
  int64_t end = fromFront(op.getEndDim(), op.getInput());
  ArrayRef<int64_t> merged = shapeOf(op.getInput()).slice(start, end - start + 1);
  bool known = llvm::none_of(merged, ShapedType::isDynamic);
  int64_t size = known
                     ? std::accumulate(merged.begin(), merged.end(), int64_t(1), std::multiplies())
                     : int64_t(-1);
  return reshapeMiddle(op.getInput(), start, {size}, end + 1, g);
}

static Name unflatten(UnflattenOp op, Graph &g) {
  int64_t dim = fromFront(op.getDim(), op.getInput());
  return reshapeMiddle(op.getInput(), dim, op.getSizes(), dim + 1, g);
}

static Name transposed(TransposeOp op, Graph &g) {
  SmallVector<int64_t> order = range(0, rankOf(op.getInput()));
  std::swap(order[size_t(fromFront(op.getDim0(), op.getInput()))],
            order[size_t(fromFront(op.getDim1(), op.getInput()))]);
  return g.transpose(g(op.getInput()), order);
}

static Name permuted(PermuteOp op, Graph &g) {
  SmallVector<int64_t> order;
  for (int64_t dim : op.getDims())
    order.push_back(fromFront(dim, op.getInput()));
  return g.transpose(g(op.getInput()), order);
}

static Name concatenated(ConcatOp op, Graph &g) {
  Names parts;
  for (Value input : op.getInputs())
    parts.push_back(g(input));
  return g.node("Concat", parts, {{"axis", int64_t(op.getDim())}});
}

static LogicalResult split(SplitOp op, Graph &g) {
  Names parts = g.nodes("Split", {g(op.getInput()), g.integers(op.getSizes())},
                        {{"axis", int64_t(op.getDim())}}, op.getNumResults());
  for (auto [result, part] : llvm::zip(op.getResults(), parts))
    g.set(result, part);
  return success();
}

static Name slice(Name x, int64_t dim, int64_t start, int64_t end, int64_t step, Graph &g) {
  return g.node("Slice",
                {x, g.integers({start}), g.integers({end}), g.integers({dim}), g.integers({step})});
}

static Name sliced(SliceOp op, Graph &g) {
  int64_t end = op.getSignedEnd().value_or(std::numeric_limits<int64_t>::max());
  return slice(g(op.getInput()), op.getDim(), op.getStart(), end, op.getStep(), g);
}

static Name indexed(IndexOp op, Graph &g) {
  return g.node("Squeeze", {slice(g(op.getInput()), op.getDim(), op.getIndex(),
                                  int64_t(op.getIndex()) == -1 ? std::numeric_limits<int64_t>::max()
                                                               : int64_t(op.getIndex()) + 1,
                                  1, g),
                            g.integers({int64_t(op.getDim())})});
}

static Name slicedLike(SliceLikeOp op, Graph &g) {
  int64_t dim = fromFront(op.getLikeDim(), op.getLike());
  Name size = g.node("Shape", {g(op.getLike())}, {{"start", dim}, {"end", dim + 1}});
  return g.node("Slice",
                {g(op.getInput()), g.integers({0}), size, g.integers({int64_t(op.getDim())})});
}

/// torch leaves a dimension that is not 1 as it is.
static Name squeezed(SqueezeOp op, Graph &g) {
  int64_t size = shapeOf(op.getInput())[size_t(fromFront(op.getDim(), op.getInput()))];
  if (ShapedType::isDynamic(size))
    return refuse(op, "a dimension that only the run tells");
  if (size != 1)
    return g(op.getInput());
  return g.node("Squeeze", {g(op.getInput()), g.integers({int64_t(op.getDim())})});
}

/// ONNX has no circular padding before opset 19.
static Name wrapped(PadOp op, Graph &g) {
  Name x = g(op.getInput());
  constexpr int64_t all = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < op.getPads().size(); i += 2) {
    int64_t dim = -int64_t(i / 2) - 1, before = op.getPads()[i], behind = op.getPads()[i + 1];
    if (before < 0 || behind < 0)
      return refuse(op, "circular padding that cuts off");
    Names parts;
    if (before)
      parts.push_back(slice(x, dim, -before, all, 1, g));
    parts.push_back(x);
    if (behind)
      parts.push_back(slice(x, dim, 0, behind, 1, g));
    x = g.node("Concat", parts, {{"axis", dim}});
  }
  return x;
}

static Name padded(PadOp op, Graph &g) {
  if (op.getMode() == PadMode::Circular)
    return wrapped(op, g);
  if (!getElementTypeOrSelf(op.getInput()).isF32())
    return refuse(op, "padding of something other than fp32");
  SmallVector<int64_t> before, behind, axes;
  for (size_t i = 0; i < op.getPads().size(); i += 2) {
    before.push_back(op.getPads()[i]);
    behind.push_back(op.getPads()[i + 1]);
    axes.push_back(-int64_t(i / 2) - 1);
  }
  before.append(behind);
  const char *mode = op.getMode() == PadMode::Constant    ? "constant"
                     : op.getMode() == PadMode::Replicate ? "edge"
                                                          : "reflect";
  return g.node("Pad",
                {g(op.getInput()), g.integers(before), g.number(op.getValue().convertToDouble()),
                 g.integers(axes)},
                {{"mode", mode}});
}

/// Channels as rows and columns of them, exchanged: (N, rows * c, ...) to (N, c * rows, ...).
static Name exchanged(Name x, int64_t rows, Graph &g) {
  Name channels = g.node("Shape", {x}, {{"start", int64_t(1)}, {"end", int64_t(2)}});
  Name columns = g.divide(channels, g.integers({rows}));
  Name cut =
      g.node("Concat", {g.integers({0, rows}), columns, g.integers({-1})}, {{"axis", int64_t(0)}});
  Name turned = g.transpose(g.node("Reshape", {x, cut}), {0, 2, 1, 3});
  return g.node("Reshape", {turned, g.node("Shape", {x})});
}

/// ONNX puts the place in the block before the channel, torch behind it.
static Name unshuffled(PixelUnshuffleOp op, Graph &g) {
  if (rankOf(op.getInput()) != 4)
    return refuse(op, "an input that is no batch of images");
  int64_t factor = op.getFactor();
  Name x = g.node("SpaceToDepth", {g(op.getInput())}, {{"blocksize", factor}});
  return exchanged(x, factor * factor, g);
}

static Name pixelShuffled(PixelShuffleOp op, Graph &g) {
  if (rankOf(op.getInput()) != 4)
    return refuse(op, "an input that is no batch of images");
  return g.node("DepthToSpace", {g(op.getInput())},
                {{"blocksize", int64_t(op.getFactor())}, {"mode", "CRD"}});
}

/// Coordinates as torch's area_pixel_compute_source_index has them.
static Name resized(UpsampleOp op, Graph &g) {
  SmallVector<int64_t> axes = range(2, rankOf(op.getInput()));
  bool corners = op.getAlignCorners().value_or(false);
  UpsampleMode mode = op.getMode();
  bool exact = mode == UpsampleMode::NearestExact, nearest = exact || mode == UpsampleMode::Nearest;
  const char *name = nearest ? "nearest" : mode == UpsampleMode::Bicubic ? "cubic" : "linear";
  const char *coordinates = mode == UpsampleMode::Nearest ? "asymmetric"
                            : corners                     ? "align_corners"
                                                          : "half_pixel";
  Name scales, sizes;
  if (auto given = op.getScaleFactor())
    scales = g.numbers({int64_t(given->size())}, *given);
  else
    sizes = g.integers(*op.getOutputSize());
  return g.node("Resize", {g(op.getInput()), Name(), scales, sizes},
                {{"axes", axes},
                 {"mode", name},
                 {"coordinate_transformation_mode", coordinates},
                 {"nearest_mode", exact ? "round_prefer_ceil" : "floor"},
                 {"cubic_coeff_a", -0.75}});
}

void Emitters::addShapes() {
  add<ReshapeOp>(reshape);
  add<FlattenOp>(flatten);
  add<UnflattenOp>(unflatten);
  add<TransposeOp>(transposed);
  add<PermuteOp>(permuted);
  add<ConcatOp>(concatenated);
  addSeveral<SplitOp>(split);
  add<SliceOp>(sliced);
  add<IndexOp>(indexed);
  add<SliceLikeOp>(slicedLike);
  add<PadOp>(padded);
  add<ExpandAsOp>([](ExpandAsOp op, Graph &g) {
    return g.node("Expand", {g(op.getInput()), g.node("Shape", {g(op.getLike())})});
  });
  add<UnsqueezeOp>([](UnsqueezeOp op, Graph &g) {
    return g.node("Unsqueeze", {g(op.getInput()), g.integers({int64_t(op.getDim())})});
  });
  add<SqueezeOp>(squeezed);
  add<PixelShuffleOp>(pixelShuffled);
  add<PixelUnshuffleOp>(unshuffled);
  add<ChannelShuffleOp>(
      [](ChannelShuffleOp op, Graph &g) { return exchanged(g(op.getInput()), op.getGroups(), g); });
  add<UpsampleOp>(resized);
}
