//===- KernelTest.cpp - Kernels run in this process -----------------------===//

#include "TorchTesting.h"

using namespace tez;
using namespace tez::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// x weight^T, plus `key` when it is there; also the sum of all.
constexpr const char *kLinear = R"(
ts.module @linear trainable {
  ts.parameter "0.weight" : tensor<2x2xf32>
  ts.parameter "unused" : tensor<1xf32>
  ts.forward(%x: !ts.tensor "x", %key: !ts.optional_tensor "key") {
    %w = ts.get "0.weight" : !ts.tensor
    %y = ts.call "aten::linear"(%x, %w, none) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %n = ts.is_none %key
    %z = ts.if %n -> (!ts.tensor) {
      ts.yield %y : !ts.tensor
    } else {
      %k = ts.unwrap %key
      %s = ts.call "aten::add"(%y, %k, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
      ts.yield %s : !ts.tensor
    }
    %m = ts.call "aten::sum"(%z, array<i64: 0, 1>, false, none) : (!ts.tensor) -> !ts.tensor
    ts.return %z, %m : !ts.tensor, !ts.tensor
  }
})";

/// Batch norm as torch.nn.BatchNorm1d(1) computes it.
constexpr const char *kNorm = R"(
ts.module @norm trainable {
  ts.parameter "1.weight" : tensor<1xf32>
  ts.buffer "1.running_mean" : tensor<1xf32>
  ts.buffer "1.running_var" : tensor<1xf32>
  ts.buffer "1.num_batches_tracked" : tensor<i64>
  ts.forward(%x: !ts.tensor "x") {
    %t = ts.training "1" : !ts.bool
    ts.if %t {
      %c = ts.get "1.num_batches_tracked" : !ts.tensor
      %d = ts.call "aten::add_"(%c, 1, 1) : (!ts.tensor) -> !ts.tensor
      ts.yield
    } else {
      ts.yield
    }
    %w = ts.get "1.weight" : !ts.tensor
    %m = ts.get "1.running_mean" : !ts.tensor
    %v = ts.get "1.running_var" : !ts.tensor
    %y = ts.call "aten::batch_norm"(%x, %w, none, %m, %v, %t, 0.5, 1.0, true)
        : (!ts.tensor, !ts.tensor, !ts.tensor, !ts.tensor, !ts.bool) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
})";

TEST(Kernel, RunsWithAndWithoutTheOptionalInput) {
  auto kernel = Module(kLinear).load();
  HostTensor x = floats({1, 2}, {1, 10});
  RunResult without = runOrFail(*kernel, {.inputs = {x, std::nullopt}});
  EXPECT_THAT(without.outputs[0].toDoubles(), ElementsAre(21, 43));
  EXPECT_THAT(without.outputs[1].toDoubles(), ElementsAre(64));
  EXPECT_THAT(runOrFail(*kernel, {.inputs = {x}}).outputs[0].toDoubles(), ElementsAre(21, 43));
  RunResult with = runOrFail(*kernel, {.inputs = {x, floats({2}, {100, 200})}});
  EXPECT_THAT(with.outputs[0].toDoubles(), ElementsAre(121, 243));
}

/// Which of the two operators named "aten::add" ran is known from its place.
TEST(Kernel, TimesOperatorsByTheirPlaces) {
  auto kernel = Module(R"(
    ts.module @twice {
      ts.forward(%x: !ts.tensor "x", %key: !ts.optional_tensor "key") {
        %n = ts.is_none %key
        %z = ts.if %n -> (!ts.tensor) {
          %s = ts.call "aten::add"(%x, %x, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
          ts.yield %s : !ts.tensor
        } else {
          %k = ts.unwrap %key
          %s = ts.call "aten::add"(%x, %k, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
          ts.yield %s : !ts.tensor
        }
        %y = ts.call "aten::linear"(%z, %x, none) : (!ts.tensor, !ts.tensor) -> !ts.tensor
        ts.return %y : !ts.tensor
      }
    })")
                    .load();
  HostTensor x = floats({2, 2}, {1, 2, 3, 4});
  for (bool given : {false, true}) {
    RunRequest request{.inputs = {x, given ? std::optional(x) : std::nullopt}};
    auto times = kernel->timeOperators(request, 1);
    ASSERT_TRUE(bool(times)) << llvm::toString(times.takeError());
    std::vector<std::string> names;
    for (const OperatorTime &time : *times)
      names.push_back(time.name);
    EXPECT_THAT(names, ElementsAre("aten::add", "aten::add", "aten::linear"));
    EXPECT_EQ((*times)[0].least.has_value(), !given);
    EXPECT_EQ((*times)[1].least.has_value(), given);
    EXPECT_GT((*times)[2].least.value_or(0), 0);
  }
}

TEST(Kernel, GradientsOfEveryOutputAddUp) {
  auto kernel = Module(kLinear).load();
  RunRequest request{.inputs = {floats({1, 2}, {1, 10}), std::nullopt}, .gradients = true};
  request.outputGradients = {floats({1, 2}, {1, 0}), floats({}, {2})};
  RunResult result = runOrFail(*kernel, request);
  EXPECT_THAT(namesOf(result.parameterGradients), ElementsAre("unused", "0.weight"));
  EXPECT_FALSE(result.parameterGradients[0].second);
  EXPECT_THAT(result.parameterGradients[1].second->toDoubles(), ElementsAre(3, 30, 2, 20));
  EXPECT_THAT(result.inputGradients[0]->toDoubles(), ElementsAre(3 * 1 + 2 * 3, 3 * 2 + 2 * 4));
  EXPECT_FALSE(result.inputGradients[1]);
  // Only the first output.
  request.outputGradients.pop_back();
  EXPECT_THAT(runOrFail(*kernel, request).parameterGradients[1].second->toDoubles(),
              ElementsAre(1, 10, 0, 0));
}

TEST(Kernel, TrainingUpdatesBuffersForTheRunOnly) {
  auto kernel = Module(kNorm).load();
  RunRequest request{.inputs = {floats({2, 1}, {2, 6})}, .training = true};
  for (int repeat = 0; repeat < 2; ++repeat) {
    RunResult result = runOrFail(*kernel, request);
    EXPECT_THAT(namesOf(result.buffers),
                ElementsAre("1.running_mean", "1.running_var", "1.num_batches_tracked"));
    EXPECT_THAT(result.buffers[0].second.toDoubles(), ElementsAre(2)); // half of the mean
    EXPECT_THAT(result.buffers[1].second.toDoubles(), ElementsAre(4)); // half of the variance
    EXPECT_THAT(result.buffers[2].second.toDoubles(), ElementsAre(1));
  }
  EXPECT_THAT(kernel->buffers()[0].second.toDoubles(), ElementsAre(0));
  request.training = false;
  RunResult result = runOrFail(*kernel, request);
  EXPECT_THAT(result.outputs[0].toDoubles(), ElementsAre(2, 6)); // mean 0, variance 0, eps 1
  EXPECT_THAT(result.buffers[2].second.toDoubles(), ElementsAre(0));
}

TEST(Kernel, TimingLeavesTheStateAlone) {
  auto kernel = Module(kNorm).load();
  RunRequest request{.inputs = {floats({2, 1}, {2, 6})}, .training = true};
  llvm::Expected<double> milliseconds = kernel->time(request, 1);
  ASSERT_TRUE(bool(milliseconds)) << llvm::toString(milliseconds.takeError());
  EXPECT_GT(*milliseconds, 0);
  EXPECT_THAT(kernel->buffers()[0].second.toDoubles(), ElementsAre(0));
  EXPECT_THAT(runOrFail(*kernel, request).buffers[0].second.toDoubles(), ElementsAre(2));
  llvm::Expected<double> wrong = kernel->time({.inputs = {floats({1}, {2})}}, 1);
  ASSERT_FALSE(bool(wrong));
  EXPECT_THAT(llvm::toString(wrong.takeError()), HasSubstr("time the kernel"));
}

TEST(Kernel, RunsInDoubleAndThenInFloatAgain) {
  auto kernel = Module(kLinear).load();
  HostTensor wide = HostTensor::fromDoubles(DType::f64, {1, 2}, {1 + 0x1p-40, 0});
  RunRequest request{.inputs = {wide, std::nullopt}, .inDouble = true, .gradients = true};
  request.outputGradients = {HostTensor::fromDoubles(DType::f64, {1, 2}, {1, 1})};
  RunResult result = runOrFail(*kernel, request);
  EXPECT_EQ(result.outputs[0].dtype(), DType::f64);
  EXPECT_EQ(result.outputs[0].toDoubles()[0], 1 + 0x1p-40);
  EXPECT_EQ(result.parameterGradients[1].second->dtype(), DType::f64);
  RunResult after = runOrFail(*kernel, {.inputs = {floats({1, 2}, {1, 0})},
                                        .gradients = true,
                                        .outputGradients = {floats({1, 2}, {1, 1})}});
  EXPECT_EQ(after.outputs[0].dtype(), DType::f32);
  EXPECT_EQ(after.parameterGradients[1].second->dtype(), DType::f32);
}

TEST(Kernel, EmptyBatches) {
  auto kernel = Module(kLinear).load();
  RunRequest request{.inputs = {floats({0, 2}, {})}, .gradients = true};
  request.outputGradients = {floats({0, 2}, {})};
  RunResult result = runOrFail(*kernel, request);
  EXPECT_EQ(result.outputs[0].shape(), (std::vector<int64_t>{0, 2}));
  EXPECT_THAT(result.parameterGradients[1].second->toDoubles(), ElementsAre(0, 0, 0, 0));
}

TEST(Kernel, ErrorsOfTorchAreOneLine) {
  auto kernel = Module(kLinear).load();
  auto result = kernel->run({.inputs = {floats({1, 3}, {1, 2, 3})}});
  ASSERT_FALSE(bool(result));
  std::string message = llvm::toString(result.takeError());
  EXPECT_THAT(message, HasSubstr("torch cannot run the kernel: "));
  EXPECT_THAT(message, HasSubstr("shapes cannot be multiplied"));
  EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
}

TEST(Kernel, RefusesWhatIsNoKernel) {
  for (const char *bytes : {"", "no zip archive at all", "PK\x03\x04"}) {
    auto kernel = runtime().load(bytes);
    ASSERT_FALSE(bool(kernel));
    EXPECT_THAT(llvm::toString(kernel.takeError()), HasSubstr("torch cannot load the kernel: "));
  }
}

} // namespace
