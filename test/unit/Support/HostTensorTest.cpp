//===- HostTensorTest.cpp - Storage and conversions -----------------------===//

#include "tez/Support/HostTensor.h"
#include "gtest/gtest.h"
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

using namespace tez;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

uint16_t bitsOf(DType dtype, double value) {
  uint16_t bits;
  std::memcpy(&bits, HostTensor::fromDoubles(dtype, {}, {value}).data(), 2);
  return bits;
}

double roundTrip(DType dtype, double value) {
  return HostTensor::fromDoubles(dtype, {}, {value}).toDoubles().front();
}

TEST(HostTensor, NewStorageIsZero) {
  HostTensor tensor(DType::i32, {2, 3});
  EXPECT_EQ(tensor.numElements(), 6);
  EXPECT_EQ(tensor.numBytes(), 24u);
  EXPECT_EQ(tensor.toDoubles(), std::vector<double>(6, 0.0));
}

TEST(HostTensor, ScalarsAndEmptyTensors) {
  EXPECT_EQ(HostTensor(DType::f32, {}).numElements(), 1);
  HostTensor empty(DType::f32, {int64_t(1) << 40, 0, int64_t(1) << 40});
  EXPECT_EQ(empty.numElements(), 0);
  EXPECT_TRUE(empty.toDoubles().empty());
}

TEST(HostTensor, CopiesShareTheStorage) {
  HostTensor tensor(DType::f32, {2});
  HostTensor copy = tensor;
  EXPECT_EQ(copy.data(), tensor.data());
}

TEST(HostTensor, ExactValuesSurviveEveryDType) {
  for (DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i64, DType::i32,
                      DType::i16, DType::i8, DType::u8})
    for (double value : {0.0, 1.0, 2.0, 100.0})
      EXPECT_EQ(roundTrip(dtype, value), value) << name(dtype);
  EXPECT_EQ(roundTrip(DType::i1, 7), 1);
}

TEST(HostTensor, IntegersRoundAndSaturate) {
  EXPECT_EQ(roundTrip(DType::i8, -1000), -128);
  EXPECT_EQ(roundTrip(DType::u8, kInfinity), 255);
  EXPECT_EQ(roundTrip(DType::i32, 2.6), 3);
  EXPECT_EQ(roundTrip(DType::i64, 1e300), double(std::numeric_limits<int64_t>::max()));
  EXPECT_EQ(roundTrip(DType::i64, std::nan("")), 0);
}

TEST(HostTensor, HalfIsRoundedOnce) {
  EXPECT_EQ(bitsOf(DType::f16, 1.0), 0x3c00);
  EXPECT_EQ(bitsOf(DType::f16, 65504), 0x7bff);
  EXPECT_EQ(bitsOf(DType::f16, 65520), 0x7c00);
  EXPECT_EQ(bitsOf(DType::f16, 0x1p-24), 0x0001);
  EXPECT_EQ(bitsOf(DType::f16, 1 + 0x1p-11), 0x3c00); // a tie goes to even
  // Just above the tie: rounding to float first would lose the difference.
  EXPECT_EQ(bitsOf(DType::f16, 1 + 0x1p-11 + 0x1p-40), 0x3c01);
}

TEST(HostTensor, BFloatIsRoundedOnce) {
  EXPECT_EQ(bitsOf(DType::bf16, 1.0), 0x3f80);
  EXPECT_EQ(bitsOf(DType::bf16, -kInfinity), 0xff80);
  EXPECT_EQ(bitsOf(DType::bf16, 1e300), 0x7f80);
  EXPECT_EQ(bitsOf(DType::bf16, 1 + 0x1p-8), 0x3f80);
  EXPECT_EQ(bitsOf(DType::bf16, 1 + 0x1p-8 + 0x1p-40), 0x3f81);
  EXPECT_EQ(bitsOf(DType::bf16, 1 + 0x3p-8), 0x3f82);
  EXPECT_TRUE(std::isnan(roundTrip(DType::bf16, std::nan(""))));
  EXPECT_TRUE(std::isnan(roundTrip(DType::f16, std::nan(""))));
}

// Each of the 2^16 patterns that is a number comes back as itself.
TEST(HostTensor, EverySixteenBitNumberSurvives) {
  for (DType dtype : {DType::f16, DType::bf16})
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      auto pattern = uint16_t(bits);
      double value = HostTensor(dtype, {}, nullptr, &pattern).toDoubles().front();
      if (!std::isnan(value))
        ASSERT_EQ(bitsOf(dtype, value), pattern) << name(dtype);
    }
}

} // namespace
