//===- InitializerTest.cpp - Numbers from the counter-based generator -----===//

#include "tez/Weights/Initializer.h"
#include "tez/Weights/Philox.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace tez;

namespace {

constexpr InitSpec kUniform{InitSpec::Uniform, -0.5, 1.5, -1};
constexpr InitSpec kNormal{InitSpec::Normal, 0, 1, -1};

std::vector<double> draw(const InitSpec &spec, int64_t count = 1 << 20, DType dtype = DType::f32,
                         uint64_t seed = 0, llvm::StringRef name = "weight") {
  return initialize(spec, dtype, {count}, seed, name).toDoubles();
}

/// The mean of f(value).
template <typename F> double mean(const std::vector<double> &values, F f) {
  double sum = 0;
  for (double value : values)
    sum += f(value);
  return sum / double(values.size());
}

/// Kolmogorov-Smirnov distance between the values and a distribution function.
template <typename F> double distance(std::vector<double> values, F cumulative) {
  std::ranges::sort(values);
  double worst = 0;
  for (size_t i = 0; i < values.size(); ++i)
    worst = std::max(worst, std::fabs(cumulative(values[i]) - double(i) / double(values.size())));
  return worst;
}

// With n = 2^20 the distance exceeds 2 / sqrt(n) once in 1,500 generators; this
// one is fixed.
constexpr double kDistance = 2.0 / 1024;

TEST(Initializer, UniformFillsItsRange) {
  for (DType dtype : {DType::f32, DType::f64}) {
    std::vector<double> values = draw(kUniform, 1 << 20, dtype);
    EXPECT_LT(distance(values, [](double x) { return (x + 0.5) / 2; }), kDistance);
    EXPECT_GE(*std::ranges::min_element(values), -0.5);
    EXPECT_LT(*std::ranges::max_element(values), 1.5);
  }
}

TEST(Initializer, NormalIsNormalAndItsPairsIndependent) {
  std::vector<double> values = draw(kNormal);
  EXPECT_LT(distance(values, [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }),
            kDistance);
  EXPECT_NEAR(mean(values, [](double x) { return x * x * x * x; }), 3, 0.05);
  double products = 0, squares = 0;
  for (size_t i = 0; i + 1 < values.size(); ++i) {
    products += values[i] * values[i + 1];
    squares += values[i] * values[i] * values[i + 1] * values[i + 1];
  }
  EXPECT_NEAR(products / double(values.size()), 0, 0.005);
  EXPECT_NEAR(squares / double(values.size()), 1, 0.02);
}

TEST(Initializer, MeanAndDeviation) {
  std::vector<double> values = draw({InitSpec::Normal, 3, 0.02, -1});
  EXPECT_NEAR(mean(values, [](double x) { return x; }), 3, 1e-4);
  EXPECT_NEAR(mean(values, [](double x) { return (x - 3) * (x - 3); }), 0.0004, 1e-5);
}

TEST(Initializer, DependsOnSeedNameAndIndexOnly) {
  std::vector<double> base = draw(kUniform, 5000);
  EXPECT_EQ(base, draw(kUniform, 5000));
  EXPECT_NE(base, draw(kUniform, 5000, DType::f32, 1));
  EXPECT_NE(base, draw(kUniform, 5000, DType::f32, uint64_t(1) << 32));
  EXPECT_NE(base, draw(kUniform, 5000, DType::f32, 0, "bias"));
  std::vector<double> longer = draw(kUniform, 7001);
  EXPECT_TRUE(std::equal(base.begin(), base.end(), longer.begin()));
}

// The known answers that the authors of Philox publish (Random123, kat_vectors).
TEST(Philox, KnownAnswers) {
  uint32_t words[4];
  auto block = [&](uint64_t seed, uint64_t stream, uint64_t index) {
    Philox(seed, stream).block(index, words);
    return std::vector<uint32_t>(words, words + 4);
  };
  EXPECT_EQ(block(0, 0, 0),
            (std::vector<uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(block(~0ull, ~0ull, ~0ull),
            (std::vector<uint32_t>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(block(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (std::vector<uint32_t>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// Same command, same bytes: a change here changes every kernel.
TEST(Initializer, BytesArePinned) {
  HostTensor uniform = initialize({InitSpec::Uniform, 0, 1, -1}, DType::f32, {4}, 0, "0.weight");
  HostTensor normal = initialize(kNormal, DType::f32, {4}, 0, "0.weight");
  auto bits = [](const HostTensor &tensor) {
    std::vector<uint32_t> words(4);
    std::memcpy(words.data(), tensor.data(), 16);
    return words;
  };
  EXPECT_EQ(bits(uniform), (std::vector<uint32_t>{0x3f57cc46, 0x3f070805, 0x3f4c6327, 0x3f609596}));
  EXPECT_EQ(bits(normal), (std::vector<uint32_t>{0xbf136a6e, 0xbdcd911b, 0x3ef668a0, 0xbeef70c3}));
}

TEST(Initializer, ConstantsOfEveryDType) {
  for (DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i64, DType::i32,
                      DType::i16, DType::i8, DType::u8, DType::i1})
    EXPECT_EQ(draw({InitSpec::Constant, 1, 0, -1}, 3, dtype), std::vector<double>(3, 1.0));
}

TEST(Initializer, Range) {
  HostTensor range = initialize({InitSpec::Range, 3, -0.5}, DType::f32, {2, 2}, 0, "r");
  EXPECT_EQ(range.toDoubles(), (std::vector<double>{3, 2.5, 2, 1.5}));
}

// Of each matrix; a row up to its first element.
TEST(Initializer, Lower) {
  HostTensor matrices = initialize({InitSpec::Lower, 1, 2}, DType::i64, {2, 2, 3}, 0, "l");
  EXPECT_EQ(matrices.toDoubles(), (std::vector<double>{1, 2, 2, 1, 1, 2, 1, 2, 2, 1, 1, 2}));
  HostTensor row = initialize({InitSpec::Lower, 1, 2}, DType::f32, {3}, 0, "l");
  EXPECT_EQ(row.toDoubles(), (std::vector<double>{1, 2, 2}));
}

TEST(Initializer, ZeroRow) {
  InitSpec spec{InitSpec::Normal, 0, 1, 1};
  std::vector<double> values = initialize(spec, DType::f32, {3, 2}, 0, "e").toDoubles();
  EXPECT_NE(values[1], 0);
  EXPECT_EQ(values[2], 0);
  EXPECT_EQ(values[3], 0);
  EXPECT_NE(values[4], 0);
}

TEST(Initializer, EmptyTensors) {
  EXPECT_TRUE(initialize(kNormal, DType::f32, {0, 4}, 0, "e").toDoubles().empty());
  EXPECT_EQ(initialize(kNormal, DType::f32, {}, 0, "e").toDoubles().size(), 1u);
}

} // namespace
