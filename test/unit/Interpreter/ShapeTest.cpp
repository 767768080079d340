//===- ShapeTest.cpp - Rearranging ----------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

TEST(Shape, PermuteIsTorchs) {
  Tensor y = permute(counting({2, 3, 2}), {2, 0, 1}).value();
  EXPECT_EQ(y.shape(), (Shape{2, 2, 3}));
  EXPECT_EQ(list(y), (std::vector<double>{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}));
  expectGradient([](auto &v) { return permute(v[0], {-1, 0, 1}); }, {Shape{2, 3, 4}});
  expectGradient([](auto &v) { return permute(v[0], {2, 0, 1}); }, {Shape{2, 0, 4}});
}

TEST(Shape, TransposeReshapeExpand) {
  expectGradient([](auto &v) { return transpose(v[0], 1, -1); }, {Shape{2, 3, 4, 5}});
  expectGradient([](auto &v) { return reshape(v[0], {4, 3}); }, {Shape{2, 6}});
  for (const Shape &from : {Shape{}, Shape{3, 1}, Shape{1, 4}, Shape{2, 3, 4}})
    expectGradient([](auto &v) { return broadcastTo(v[0], {2, 3, 4}); }, {from});
  expectGradient([](auto &v) { return broadcastTo(v[0], {0, 3}); }, {Shape{1}});
}

TEST(Shape, SliceClampsAndSteps) {
  Tensor x = counting({7});
  EXPECT_EQ(list(slice(x, 0, 1, 6, 2).value()), (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(list(slice(x, 0, -2, 99).value()), (std::vector<double>{5, 6}));
  EXPECT_EQ(slice(x, 0, 5, 2).shape(), (Shape{0}));
  EXPECT_EQ(slice(x, 0, 0, int64_t(1) << 62, int64_t(1) << 62).shape(), (Shape{1}));
  expectGradient([](auto &v) { return slice(v[0], 1, 1, 5, 2); }, {Shape{2, 5, 3}});
  expectGradient([](auto &v) { return slice(v[0], 1, 1, 3); }, {Shape{2, 0, 3}});
}

TEST(Shape, SelectDropsTheDimension) {
  EXPECT_EQ(list(select(counting({2, 3}), 1, -1).value()), (std::vector<double>{2, 5}));
  expectGradient([](auto &v) { return select(v[0], 0, 1); }, {Shape{2, 3}});
}

TEST(Shape, ConcatAndStack) {
  Tensor y = concat({tensor({2, 1}, {1, 2}), tensor({2, 2}, {3, 4, 5, 6})}, 1).value();
  EXPECT_EQ(list(y), (std::vector<double>{1, 3, 4, 2, 5, 6}));
  expectGradient([](auto &v) { return concat(v, 1); },
                 {Shape{2, 3, 2}, Shape{2, 1, 2}, Shape{2, 0, 2}});
  expectGradient([](auto &v) { return concat({v[0], v[0]}, -1); }, {Shape{2, 3}});
  expectGradient([](auto &v) { return stack(v, 1); }, {Shape{2, 3}, Shape{2, 3}});
  EXPECT_EQ(stack({Tensor({2, 3}), Tensor({2, 3})}, -1).shape(), (Shape{2, 3, 2}));
}

TEST(Index, PadModes) {
  Tensor x = tensor({1, 3}, {1, 2, 3});
  auto padded = [&](PadMode mode) { return list(pad(x, {2, 1}, mode, 9).value()); };
  EXPECT_EQ(padded(PadMode::Constant), (std::vector<double>{9, 9, 1, 2, 3, 9}));
  EXPECT_EQ(padded(PadMode::Reflect), (std::vector<double>{3, 2, 1, 2, 3, 2}));
  EXPECT_EQ(padded(PadMode::Replicate), (std::vector<double>{1, 1, 1, 2, 3, 3}));
  EXPECT_EQ(padded(PadMode::Circular), (std::vector<double>{2, 3, 1, 2, 3, 1}));
}

TEST(Index, PadsLastDimensionFirst) {
  EXPECT_EQ(pad(Tensor({2, 3, 4}), {1, 0, 0, 2}).shape(), (Shape{2, 5, 5}));
  EXPECT_EQ(list(pad(counting({4}), {-1, -2}).value()), (std::vector<double>{1}));
  for (PadMode mode : {PadMode::Constant, PadMode::Reflect, PadMode::Replicate, PadMode::Circular})
    expectGradient([mode](auto &v) { return pad(v[0], {1, 2, 2, 0}, mode, 3); },
                   {Shape{2, 1, 3, 4}});
  expectGradient([](auto &v) { return pad(v[0], {1, 1}); }, {Shape{2, 0}});
}

TEST(Index, EmbeddingSkipsThePaddingRow) {
  Tensor indices = tensor({3}, {2, 0, 2});
  Tensor y = embedding(counting({3, 2}), indices).value();
  EXPECT_EQ(list(y), (std::vector<double>{4, 5, 0, 1, 4, 5}));
  expectGradient([&](auto &v) { return embedding(v[0], indices); }, {Shape{3, 2}});
  auto lookUp = [&](const Variable &table) { return embedding(table, indices, 2); };
  EXPECT_EQ(list(gradientOfSum(lookUp, counting({3, 2}))), (std::vector<double>{1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(embedding(Tensor({3, 2}), Tensor({0, 4})).shape(), (Shape{0, 4, 2}));
}

TEST(Index, EmbeddingByFrequencySharesTheGradientOfARow) {
  Tensor indices = tensor({3}, {2, 0, 2});
  auto lookUp = [&](const Variable &table) { return embedding(table, indices, -1, true); };
  EXPECT_EQ(list(gradientOfSum(lookUp, counting({3, 2}))), (std::vector<double>{1, 1, 0, 0, 1, 1}));
}

TEST(Index, ShufflesUndoEachOther) {
  Tensor x = counting({2, 8, 3, 2});
  Variable shuffled = pixelShuffle(x, 2);
  EXPECT_EQ(shuffled.shape(), (Shape{2, 2, 6, 4}));
  EXPECT_EQ(shuffled.value()[1], 6) << "the second channel stands beside the first";
  EXPECT_EQ(list(pixelUnshuffle(shuffled, 2).value()), list(x));
  EXPECT_EQ(list(channelShuffle(counting({1, 4, 1}), 2).value()),
            (std::vector<double>{0, 2, 1, 3}));
  expectGradient([](auto &v) { return pixelShuffle(v[0], 2); }, {Shape{4, 2, 3}});
}
