//===- ScheduleConvolutions.cpp - Tiles and packed weights ----------------===//

#include "EvenParts.h"
#include "PackedWeights.h"
#include "PassTarget.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_SCHEDULECONVOLUTIONS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ConvOp;

/// Squares of 2x2 places that cover the result.
static int64_t squaresOf(ConvOp conv) {
  return int64_t(llvm::divideCeil(conv.getPlaces(0), 2)) *
         int64_t(llvm::divideCeil(conv.getPlaces(1), 2));
}

/// 16 multiplications for 36, less what the squares compute beyond the edges; against them stand
/// the transforms, whose share falls with channels and outputs, and 16 numbers of a weight for 9,
/// which only few squares notice.
static bool paysWinograd(ConvOp conv) {
  constexpr int64_t fewChannels = 32, fewSquares = 12;
  int64_t places = conv.getPlaces(0) * conv.getPlaces(1), squares = squaresOf(conv);
  return conv.suitsWinograd() && conv.getChannels() >= fewChannels &&
         int64_t(conv.getOutputs()) >= fewChannels && squares >= fewSquares &&
         squares * 4 * 4 < places * 5;
}

/// Weights that do not stay in a cache beside the images between which they would be needed again.
static bool hasLargeWeights(ConvOp conv) {
  constexpr int64_t some = 64 << 10; // numbers
  int64_t weights = cast<ShapedType>(conv.getWeight().getType()).getNumElements();
  int64_t image = llvm::product_of(conv.getImage());
  return weights > some && weights > image;
}

namespace {
struct ScheduleConvolutionsPass : tez::impl::ScheduleConvolutionsBase<ScheduleConvolutionsPass> {
  using ScheduleConvolutionsBase::ScheduleConvolutionsBase;

  void runOnOperation() override {
    FailureOr<native::Target> target = native::targetOfPass(getOperation(), cpu);
    if (failed(target))
      return signalPassFailure();
    OpBuilder builder(&getContext());
    getOperation().walk([&](ConvOp conv) {
      if (cast<ShapedType>(conv.getWeight().getType()).getRank() == 3)
        return;
      int64_t width = widthOf(conv, *target);
      if (!conv.getTile()) {
        conv.setWinograd(paysWinograd(conv));
        conv.setTile(conv.getWinograd() ? squareTileOf(conv, width, *target)
                                        : tileOf(conv, width, *target));
      }
      conv.setDeferred(native::isLong(conv.getEpilogue()) && !conv.getWinograd());
      conv.setSweep(hasLargeWeights(conv));
      if (failed(packWeight(conv, width, builder)))
        signalPassFailure();
    });
  }

private:
  static int64_t widthOf(ConvOp conv, const native::Target &target);
  static SmallVector<int64_t> tileOf(ConvOp conv, int64_t width, const native::Target &target);
  static SmallVector<int64_t> squareTileOf(ConvOp conv, int64_t width,
                                           const native::Target &target);
  LogicalResult packWeight(ConvOp conv, int64_t width, OpBuilder &builder);
  LogicalResult packProducts(ConvOp conv, int64_t width, OpBuilder &builder);
  LogicalResult replaceWeight(ConvOp conv, ArrayRef<int64_t> shape, ArrayRef<NamedAttribute> marks,
                              OpBuilder &builder);
};
} // namespace

static int64_t outputsOfGroup(ConvOp conv) {
  return int64_t(conv.getOutputs()) / conv.getPackedGroups();
}

/// Panels of one vector need more loads for each multiply-add than those of two; they are worth it
/// where many numbers of the last panel would be filling.
int64_t ScheduleConvolutionsPass::widthOf(ConvOp conv, const native::Target &target) {
  int64_t outputs = outputsOfGroup(conv), half = target.width / 2;
  auto computed = [&](int64_t width) { return int64_t(llvm::alignTo(outputs, width)); };
  return computed(half) * 10 < computed(target.width) * 9 ? half : target.width;
}

/// As many pixels as a product's tile has rows: along a line of the image, and several lines where
/// they are short. Few pixels take several panels.
SmallVector<int64_t> ScheduleConvolutionsPass::tileOf(ConvOp conv, int64_t width,
                                                      const native::Target &target) {
  int64_t pixels = target.tiles[0] * (target.width / width);
  int64_t columns = native::evenPart(conv.getPlaces(1), pixels);
  int64_t rows = native::evenPart(conv.getPlaces(0), pixels / columns);
  int64_t panels = 1;
  for (size_t i = 0; i < target.tiles.size(); i += 2)
    if (target.tiles[i] <= rows * columns) {
      panels = target.tiles[i + 1];
      break;
    }
  return {rows, columns, std::clamp<int64_t>(outputsOfGroup(conv) / width, 1, panels)};
}

/// The 16 products of the panels done together stay in the second cache, from the sums to the
/// results.
SmallVector<int64_t> ScheduleConvolutionsPass::squareTileOf(ConvOp conv, int64_t width,
                                                            const native::Target &target) {
  constexpr int64_t budget = 32 << 10; // numbers
  int64_t squares = squaresOf(conv);
  int64_t panels = llvm::divideCeil(int64_t(conv.getOutputs()), width);
  int64_t together = budget / (native::winogradProducts * squares * width);
  return {native::evenPart(squares, target.tiles[0] * (target.width / width)), 1,
          std::clamp<int64_t>(together, 1, panels)};
}

LogicalResult ScheduleConvolutionsPass::packWeight(ConvOp conv, int64_t width, OpBuilder &builder) {
  if (conv.getWinograd())
    return packProducts(conv, width, builder);
  int64_t groups = conv.getPackedGroups(),
          channels = conv.getChannels() / int64_t(conv.getGroups());
  SmallVector<int64_t> shape{groups * int64_t(llvm::divideCeil(outputsOfGroup(conv), width)),
                             conv.getDepth(), width};
  SmallVector<NamedAttribute> marks{
      builder.getNamedAttr(native::transposedAttr, builder.getUnitAttr())};
  if (!conv.getPlanar() && channels > 1)
    marks.push_back(
        builder.getNamedAttr(native::channelsAttr, builder.getI64IntegerAttr(channels)));
  if (groups > 1)
    marks.push_back(builder.getNamedAttr(native::groupsAttr, builder.getI64IntegerAttr(groups)));
  return replaceWeight(conv, shape, marks, builder);
}

/// The 16 matrices behind each other.
LogicalResult ScheduleConvolutionsPass::packProducts(ConvOp conv, int64_t width,
                                                     OpBuilder &builder) {
  int64_t panels = llvm::divideCeil(int64_t(conv.getOutputs()), width);
  NamedAttribute mark = builder.getNamedAttr(native::winogradAttr, builder.getUnitAttr());
  return replaceWeight(conv, {native::winogradProducts * panels, conv.getChannels(), width}, mark,
                       builder);
}

LogicalResult ScheduleConvolutionsPass::replaceWeight(ConvOp conv, ArrayRef<int64_t> shape,
                                                      ArrayRef<NamedAttribute> marks,
                                                      OpBuilder &builder) {
  builder.setInsertionPoint(conv);
  Value before = conv.getWeight();
  FailureOr<Value> made = native::packedWeight(conv, before, shape, marks, builder);
  if (failed(made))
    return failure();
  conv.getWeightMutable().assign(*made);
  native::eraseUnread(before);
  ++numPacked;
  return success();
}
