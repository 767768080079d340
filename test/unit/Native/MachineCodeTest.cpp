//===- MachineCodeTest.cpp - Code that is made and run --------------------===//

#include "NativeTesting.h"
#include "tez/Native/Runner.h"
#include <csignal>

using namespace tez;
using namespace tez::test;
using native::Argument;
using native::Guard;
using testing::HasSubstr;

namespace {

native::MachineCode twoLayerCode(const char *cpu = "native", bool withChecked = false) {
  auto code = compileText(twoLayers, twoLayerWeights(), cpu, withChecked);
  if (!code || !*code)
    llvm::report_fatal_error(code ? llvm::Error(llvm::createStringError("nothing"))
                                  : code.takeError());
  return std::move(**code);
}

/// By the definition, in fp64.
std::vector<double> twoLayerTruth(const HostTensor &x) {
  WeightStore weights = twoLayerWeights();
  auto at = [&](const char *name, int64_t i) {
    return double(weights.lookup(name)->data<float>()[i]);
  };
  std::vector<double> out;
  for (int64_t m = 0; m < x.shape()[0]; ++m) {
    double hidden[20];
    for (int64_t n = 0; n < 20; ++n) {
      hidden[n] = at("b", n);
      for (int64_t k = 0; k < 5; ++k)
        hidden[n] += x.data<float>()[m * 5 + k] * at("w", n * 5 + k);
      hidden[n] = std::max(hidden[n], 0.0);
    }
    for (int64_t n = 0; n < 3; ++n) {
      double sum = 0;
      for (int64_t k = 0; k < 20; ++k)
        sum += hidden[k] * at("v", n * 20 + k);
      out.push_back(sum);
    }
  }
  return out;
}

TEST(MachineCode, ComputesTheKernelForAnyRows) {
  native::MachineCode code = twoLayerCode();
  auto runner = native::Runner::create(code);
  ASSERT_TRUE(bool(runner));
  for (int64_t rows : {0, 1, 2, 3, 4, 5, 6, 7, 13, 40})
    for (Guard guard : {Guard::End, Guard::Begin}) {
      HostTensor x = numbers({rows, 5});
      auto outputs = (*runner)->run({x}, guard);
      ASSERT_TRUE(bool(outputs));
      std::vector<double> truth = twoLayerTruth(x), found = outputs->front().toDoubles();
      ASSERT_EQ(found.size(), truth.size());
      for (size_t i = 0; i < truth.size(); ++i)
        EXPECT_NEAR(found[i], truth[i], 1e-4) << rows << " rows, element " << i;
    }
}

TEST(MachineCode, TheTwinWithChecksComputesTheSame) {
  native::MachineCode code = twoLayerCode("native", /*withChecked=*/true);
  ASSERT_TRUE(code.checked.has_value());
  EXPECT_NE(code.checked->bytes, code.image.bytes);
  auto fast = native::Runner::create(code), checked = native::Runner::create(code, true);
  ASSERT_TRUE(fast && checked);
  for (int64_t rows : {0, 1, 13}) {
    auto a = (*fast)->run({numbers({rows, 5})}, Guard::End);
    auto b = (*checked)->run({numbers({rows, 5})}, Guard::End);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->front().toDoubles(), b->front().toDoubles());
  }
}

TEST(MachineCode, SameKernelSameBytes) {
  native::MachineCode a = twoLayerCode(), b = twoLayerCode();
  EXPECT_EQ(a.image.bytes, b.image.bytes);
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(native::makeRecords({a}), native::makeRecords({b}));
}

TEST(MachineCode, IsMadeForEveryLevel) {
  for (const char *cpu : {"x86-64-v3", "x86-64-v4", "znver4", "neoverse-v1"}) {
    EXPECT_FALSE(twoLayerCode(cpu).image.bytes.empty()) << cpu;
    EXPECT_TRUE(llvm::cantFail(compileText(attention, WeightStore(), cpu)).has_value()) << cpu;
  }
}

TEST(MachineCode, NamesTheProcessorsThereAre) {
  auto code = compileText(twoLayers, twoLayerWeights(), "z80");
  ASSERT_FALSE(bool(code));
  EXPECT_THAT(llvm::toString(code.takeError()),
              HasSubstr("no processor \"z80\"; known are native"));
}

TEST(MachineCode, ThereIsNoneWhereAnOpHasNoLowering) {
  auto code = compileText(R"(esper.kernel @net(%x: tensor<?x5xf32>) -> tensor<?x5xf32> {
    %0 = esper.softmax %x {dim = 0 : i64} : (tensor<?x5xf32>) -> tensor<?x5xf32>
    esper.return %0 : tensor<?x5xf32>
  })",
                          WeightStore());
  ASSERT_TRUE(bool(code));
  EXPECT_FALSE(code->has_value());
}

TEST(MachineCode, AWeightThatIsMissingIsAnError) {
  auto code = compileText(twoLayers, WeightStore());
  ASSERT_FALSE(bool(code));
  EXPECT_THAT(llvm::toString(code.takeError()), HasSubstr("machine code needs w in f32"));
}

TEST(MachineCode, WeightsBeginAtLinesOfTheCache) {
  for (const Argument &argument : twoLayerCode().arguments)
    if (argument.kind == Argument::Kind::Weight) {
      EXPECT_EQ(argument.offset % 64, 0u) << argument.name;
    }
}

//===----------------------------------------------------------------------===//
// Guard pages: code that reaches beyond its memory does not come back
//===----------------------------------------------------------------------===//

void runWrong(native::MachineCode code, std::vector<int64_t> shape = {7, 5}) {
  auto runner = native::Runner::create(code);
  if (runner)
    llvm::consumeError((*runner)->run({numbers(shape)}, Guard::End).takeError());
  std::_Exit(0);
}

TEST(GuardPagesDeathTest, FindScratchThatIsTooSmall) {
  native::MachineCode code = twoLayerCode();
  code.scratchColumns -= 1;
  EXPECT_EXIT(runWrong(code), testing::KilledBySignal(SIGSEGV), "");
}

TEST(GuardPagesDeathTest, FindFixedScratchThatIsTooSmall) {
  native::MachineCode code = std::move(*llvm::cantFail(compileText(attention, WeightStore())));
  EXPECT_TRUE(code.samples);
  EXPECT_GT(code.scratchNumbers, 0);
  code.scratchNumbers -= 1;
  EXPECT_EXIT(runWrong(code, {1, 5, 18}), testing::KilledBySignal(SIGSEGV), "");
}

TEST(GuardPagesDeathTest, FindBordersThatAreTooSmall) {
  native::MachineCode code = std::move(*llvm::cantFail(compileText(images, imageWeights())));
  EXPECT_TRUE(code.hasImages());
  code.scratchNumbers -= 1;
  EXPECT_EXIT(runWrong(code, {2, 2, 5, 5}), testing::KilledBySignal(SIGSEGV), "");
}

TEST(GuardPagesDeathTest, FindOutputsThatAreTooSmall) {
  native::MachineCode code = twoLayerCode();
  for (Argument &argument : code.arguments)
    if (argument.kind == Argument::Kind::Output)
      argument.columns -= 1;
  EXPECT_EXIT(runWrong(code), testing::KilledBySignal(SIGSEGV), "");
}

TEST(GuardPagesDeathTest, FindWritesToAnInput) {
  native::MachineCode code = twoLayerCode();
  auto find = [&](Argument::Kind kind) {
    return llvm::find_if(code.arguments,
                         [&](const Argument &argument) { return argument.kind == kind; });
  };
  std::swap(*find(Argument::Kind::Input), *find(Argument::Kind::Output));
  EXPECT_EXIT(runWrong(code), testing::KilledBySignal(SIGSEGV), "");
}

} // namespace
