//===- WeightFiles.h - The weight files of the tests ------------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_WEIGHTS_WEIGHTFILES_H
#define TEZ_TEST_UNIT_WEIGHTS_WEIGHTFILES_H

#include "tez/Weights/WeightStore.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tez::test {

using Doubles = std::vector<double>;
using Shape = std::vector<int64_t>;

inline std::string inputFile(const std::string &name) { return TEZ_WEIGHT_FILES + name; }

inline WeightStore readInput(const std::string &name) {
  auto store = readStateDict(inputFile(name));
  if (store)
    return *store;
  ADD_FAILURE() << llvm::toString(store.takeError());
  return {};
}

/// The message of the refusal, without the path it must begin with.
inline std::string refusal(const std::string &name) {
  auto store = readStateDict(inputFile(name));
  if (store)
    return "accepted";
  std::string message = llvm::toString(store.takeError()), prefix = inputFile(name) + ": ";
  EXPECT_TRUE(message.starts_with(prefix)) << message;
  return message.substr(std::min(prefix.size(), message.size()));
}

/// 0, 1, 2 ...: what Inputs/generate.py fills tensors with.
inline Doubles ramp(size_t count) {
  Doubles values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = double(i);
  return values;
}

inline void expectTensor(const WeightStore &store, const std::string &name, DType dtype,
                         const Shape &shape, const Doubles &values) {
  SCOPED_TRACE(name);
  const HostTensor *tensor = store.lookup(name);
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(tensor->dtype(), dtype);
  EXPECT_EQ(tensor->shape(), shape);
  EXPECT_EQ(tensor->toDoubles(), values);
}

inline void expectNet(const WeightStore &store) {
  EXPECT_THAT(store.names(),
              testing::ElementsAre("0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                                   "1.running_var", "1.num_batches_tracked"));
  expectTensor(store, "0.weight", DType::f32, {4, 3}, ramp(12));
  expectTensor(store, "1.running_var", DType::f32, {4}, ramp(4));
  expectTensor(store, "1.num_batches_tracked", DType::i64, {}, {0});
}

inline void expectEveryDType(const WeightStore &store) {
  std::pair<const char *, DType> all[] = {{"float32", DType::f32}, {"float64", DType::f64},
                                          {"float16", DType::f16}, {"bfloat16", DType::bf16},
                                          {"int64", DType::i64},   {"int32", DType::i32},
                                          {"int16", DType::i16},   {"int8", DType::i8},
                                          {"uint8", DType::u8},    {"bool", DType::i1}};
  for (auto [name, dtype] : all)
    expectTensor(store, name, dtype, {4}, {0, 1, 1, 0});
}

} // namespace tez::test

#endif // TEZ_TEST_UNIT_WEIGHTS_WEIGHTFILES_H
