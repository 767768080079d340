//===- ForwardTest.cpp - tez_kernel_forward -------------------------------===//

#include "Records.h"
#include <nlohmann/json.hpp>
#include <thread>

using namespace tez;
using namespace tez::test;
using testing::HasSubstr;

namespace {

/// A tensor of a call.
struct Tensor {
  std::vector<int64_t> shape;
  std::vector<float> numbers;
  DLTensor view{};

  explicit Tensor(std::vector<int64_t> dims) : shape(std::move(dims)) {
    int64_t count = 1;
    for (int64_t dim : shape)
      count *= dim;
    numbers.resize(count + 1);
    view = {numbers.data(),
            {kDLCPU, 0},
            int(shape.size()),
            {kDLFloat, 32, 1},
            shape.data(),
            nullptr,
            0};
  }
};

/// Each task in a thread of its own; `tasks`, where it is not null, counts them.
void runInThreads(void *tasks, int64_t count, void (*task)(void *, int64_t), void *argument) {
  if (tasks)
    *static_cast<int64_t *>(tasks) += count;
  std::vector<std::thread> threads;
  for (int64_t i = 0; i < count; ++i)
    threads.emplace_back(task, argument, i);
  for (std::thread &thread : threads)
    thread.join();
}

class Forward : public testing::Test {
protected:
  std::string call(DLTensor &input, DLTensor &output) {
    const DLTensor *inputs[] = {&input};
    DLTensor *outputs[] = {&output};
    char error[256] = "";
    tez_kernel_forward(kernel.get(), inputs, 1, outputs, 1, nullptr, error, sizeof error);
    return error;
  }
  std::string call(Tensor &input, Tensor &output) { return call(input.view, output.view); }

  Records records = twoLayerRecords();
  KernelPointer kernel = records.open();
  Tensor x{{4, 5}}, y{{4, 3}};
};

TEST_F(Forward, TakesAnyLeadingDimensions) {
  ASSERT_TRUE(kernel) << records.error;
  EXPECT_EQ(call(x, y), "");
  Tensor one{{5}}, result{{3}}, three{{2, 2, 5}}, results{{2, 2, 3}};
  EXPECT_EQ(call(one, result), "");
  EXPECT_EQ(call(three, results), "");
  EXPECT_EQ(results.numbers, y.numbers);
}

/// Two leading dimensions, the second of 3.
TEST_F(Forward, ComparesFixedLeadingDimensions) {
  Records fixed = records;
  auto plan = nlohmann::ordered_json::parse(fixed.all["native/plan.json"]);
  plan["leading"] = {-1, 3};
  fixed.all["native/plan.json"] = plan.dump();
  kernel = fixed.open();
  ASSERT_TRUE(kernel) << fixed.error;
  EXPECT_EQ(tez_kernel_num_leading(kernel.get()), 2);
  EXPECT_EQ(tez_kernel_leading(kernel.get(), 0), -1);
  EXPECT_EQ(tez_kernel_leading(kernel.get(), 1), 3);
  Tensor good{{2, 3, 5}}, result{{2, 3, 3}}, other{{2, 2, 5}}, results{{2, 2, 3}};
  EXPECT_EQ(call(good, result), "");
  EXPECT_EQ(call(other, results), "input 0: expected 3 in dimension 1, found 2");
  EXPECT_EQ(call(x, y), "input 0: expected 3 dimensions, found 2");
}

TEST_F(Forward, RefusesWhatItCannotTake) {
  Tensor wide{{4, 6}}, fewer{{3, 3}}, none{{}};
  EXPECT_THAT(call(wide, y),
              HasSubstr("input 0: expected 5 numbers in the last dimension, found 6"));
  EXPECT_THAT(call(x, fewer),
              HasSubstr("output 0: its leading dimensions are not those of input 0"));
  EXPECT_THAT(call(none, y), HasSubstr("at least one dimension"));
  Tensor half{{4, 5}}, far{{4, 5}};
  half.view.dtype.bits = 16;
  EXPECT_THAT(call(half, y), HasSubstr("input 0: expected 32-bit floating numbers"));
  far.view.device.device_type = kDLCUDA;
  EXPECT_THAT(call(far, y), HasSubstr("input 0: expected host memory"));
}

TEST_F(Forward, RefusesStridesAndOddAddresses) {
  int64_t strides[] = {1, 4};
  x.view.strides = strides;
  EXPECT_THAT(call(x, y), HasSubstr("dense, row-major"));
  x.view.strides = nullptr;
  x.view.byte_offset = 2;
  EXPECT_THAT(call(x, y), HasSubstr("not aligned"));
  x.view.byte_offset = 0;
  x.view.data = nullptr;
  EXPECT_THAT(call(x, y), HasSubstr("no memory"));
}

TEST_F(Forward, RefusesSharedMemoryAndWritesNothing) {
  std::vector<float> before = x.numbers;
  DLTensor inside = y.view;
  inside.data = x.numbers.data() + 3;
  EXPECT_THAT(call(x.view, inside), HasSubstr("output 0: shares memory"));
  EXPECT_EQ(x.numbers, before);
}

TEST_F(Forward, RefusesSizesThatOverflow) {
  int64_t shape[] = {int64_t(1) << 40, int64_t(1) << 40, 5};
  DLTensor huge = x.view;
  huge.ndim = 3;
  huge.shape = shape;
  EXPECT_THAT(call(huge, y.view), HasSubstr("too large"));
}

TEST_F(Forward, CountsItsTensors) {
  char error[256] = "";
  EXPECT_EQ(tez_kernel_forward(kernel.get(), nullptr, 0, nullptr, 0, nullptr, error, sizeof error),
            -1);
  EXPECT_STREQ(error, "expected 1 inputs, found 0");
}

/// Blocks in a thread each: the same bits. Few rows wake no thread.
TEST_F(Forward, ThreadsDoNotChangeTheNumbers) {
  for (auto [rows, expected] : {std::pair<int64_t, int64_t>{7, 0}, {20000, 3}}) {
    Tensor many{{rows, 5}}, alone{{rows, 3}}, together{{rows, 3}};
    for (size_t i = 0; i < many.numbers.size(); ++i)
      many.numbers[i] = float(i % 11) - 5;
    int64_t tasks = 0;
    tez_threads threads{runInThreads, &tasks, 3};
    const DLTensor *inputs[] = {&many.view};
    DLTensor *outputs[] = {&together.view};
    ASSERT_EQ(call(many, alone), "");
    ASSERT_EQ(tez_kernel_forward(kernel.get(), inputs, 1, outputs, 1, &threads, nullptr, 0), 0);
    EXPECT_EQ(alone.numbers, together.numbers);
    EXPECT_GE(tasks, expected);
    EXPECT_EQ(tasks == 0, expected == 0);
  }
}

TEST(Samples, AreWhole) {
  Records records{
      native::makeRecords({std::move(*llvm::cantFail(compileText(attention, WeightStore())))}), ""};
  KernelPointer kernel = records.open();
  ASSERT_TRUE(kernel) << records.error;
  std::vector<float> x(6 * 18, 1.0f), y(6 * 6, -1.0f);
  const float *inputs[] = {x.data()};
  float *outputs[] = {y.data()};
  for (int64_t positions : {0, -3, 4, 7}) {
    tez_kernel_forward_rows(kernel.get(), inputs, outputs, 6, positions, nullptr);
    EXPECT_THAT(y, testing::Each(-1.0f)) << positions;
  }
  tez_kernel_forward_rows(kernel.get(), inputs, outputs, 6, 3, nullptr);
  EXPECT_THAT(y, testing::Each(1.0f));
}

TEST(Images, HaveOneSize) {
  Records records = imageRecords();
  KernelPointer kernel = records.open();
  ASSERT_TRUE(kernel) << records.error;
  auto call = [&](Tensor &x, Tensor &y, const tez_threads *threads = nullptr) -> std::string {
    const DLTensor *inputs[] = {&x.view};
    DLTensor *outputs[] = {&y.view};
    char error[256] = "";
    tez_kernel_forward(kernel.get(), inputs, 1, outputs, 1, threads, error, sizeof error);
    return error;
  };
  const int64_t *sizes;
  ASSERT_EQ(tez_kernel_output_sizes(kernel.get(), 0, &sizes), 3u);
  EXPECT_EQ(std::vector(sizes, sizes + 3), (std::vector<int64_t>{3, 3, 3}));
  Tensor x{{4, 2, 5, 5}}, y{{4, 3, 3, 3}}, shared{{4, 3, 3, 3}};
  for (size_t i = 0; i < x.numbers.size(); ++i)
    x.numbers[i] = float((i * 5) % 17) / 4 - 2;
  tez_threads threads{runInThreads, nullptr, 3};
  EXPECT_EQ(call(x, y), "");
  EXPECT_EQ(call(x, shared, &threads), "");
  EXPECT_EQ(y.numbers, shared.numbers);
  Tensor turned{{4, 5, 5, 2}}, single{{2, 5, 5}}, flat{{4, 50}}, fewer{{3, 3, 3, 3}};
  EXPECT_EQ(call(turned, y), "input 0: expected the last dimensions [2, 5, 5], found [5, 5, 2]");
  EXPECT_EQ(call(single, y), "input 0: expected 4 dimensions, found 3");
  EXPECT_EQ(call(flat, y), "input 0: expected a tensor of at least 3 dimensions");
  EXPECT_EQ(call(x, fewer), "output 0: its leading dimensions are not those of input 0");
}

/// Samples of 50 rows are not cut, though a block would end within one; nor do they see each other.
TEST(Samples, GoThroughWhole) {
  Records records{
      native::makeRecords({std::move(*llvm::cantFail(compileText(attention, WeightStore())))}), ""};
  KernelPointer kernel = records.open();
  ASSERT_TRUE(kernel) << records.error;
  auto call = [&](Tensor &x, Tensor &y, const tez_threads *threads) {
    const DLTensor *inputs[] = {&x.view};
    DLTensor *outputs[] = {&y.view};
    return tez_kernel_forward(kernel.get(), inputs, 1, outputs, 1, threads, nullptr, 0);
  };
  Tensor many{{7, 50, 18}}, together{{7, 50, 6}}, shared{{7, 50, 6}}, one{{1, 50, 18}},
      alone{{1, 50, 6}};
  for (size_t i = 0; i < many.numbers.size(); ++i)
    many.numbers[i] = float((i * 7) % 31) / 8 - 2;
  tez_threads threads{runInThreads, nullptr, 3};
  ASSERT_EQ(call(many, together, nullptr), 0);
  ASSERT_EQ(call(many, shared, &threads), 0);
  EXPECT_EQ(together.numbers, shared.numbers);
  for (int64_t sample = 0; sample < 7; ++sample) {
    std::copy_n(many.numbers.begin() + sample * 900, 900, one.numbers.begin());
    ASSERT_EQ(call(one, alone, nullptr), 0);
    EXPECT_TRUE(std::equal(alone.numbers.begin(), alone.numbers.begin() + 300,
                           together.numbers.begin() + sample * 300))
        << sample;
  }
}

} // namespace
