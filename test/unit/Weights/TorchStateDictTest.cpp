//===- TorchStateDictTest.cpp - Files of torch.save -----------------------===//

#include "WeightFiles.h"

using namespace tez;
using namespace tez::test;
using testing::HasSubstr;
using testing::StartsWith;

TEST(TorchStateDict, ReadsAnOrderedDictWithMetadata) { expectNet(readInput("net.pt")); }
TEST(TorchStateDict, ReadsAPlainDict) { expectNet(readInput("dict.pt")); }
TEST(TorchStateDict, ReadsEveryDType) { expectEveryDType(readInput("dtypes.pt")); }

TEST(TorchStateDict, ReadsParameters) {
  WeightStore store = readInput("parameters.pt");
  EXPECT_EQ(store.names().size(), 4u);
  expectTensor(store, "0.bias", DType::f32, {4}, ramp(4));
}

TEST(TorchStateDict, ReadsViewsOfOneStorage) {
  WeightStore store = readInput("views.pt");
  expectTensor(store, "row", DType::f32, {3}, {3, 4, 5});
  expectTensor(store, "transposed", DType::f32, {3, 4}, {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11});
  expectTensor(store, "column", DType::f32, {4}, {1, 4, 7, 10});
  expectTensor(store, "every_second", DType::f32, {2, 3}, {0, 1, 2, 6, 7, 8});
  expectTensor(store, "one", DType::f32, {1, 1}, {7});
  expectTensor(store, "scalar", DType::f32, {}, {11});
  expectTensor(store, "empty", DType::f32, {0, 3}, {});
  expectTensor(
      store, "permuted", DType::f32, {4, 2, 3},
      {0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23});
  EXPECT_EQ(store.lookup("base")->data(), store.lookup("row")->data() - 12) << "copied";
}

TEST(TorchStateDict, ReadsAnArchiveWithoutChecksums) {
  expectTensor(readInput("unchecked.pt"), "0.weight", DType::f32, {4, 3}, ramp(12));
}

TEST(TorchStateDict, RefusesOtherGlobals) {
  EXPECT_THAT(refusal("evil.pt"),
              AllOf(StartsWith("record \"evil/data.pkl\", byte "), HasSubstr("__builtin__.print")));
  EXPECT_THAT(refusal("conjugate.pt"), HasSubstr("\"torch.ComplexFloatStorage\""));
}

TEST(TorchStateDict, RefusesWhatIsNotADictOfTensors) {
  EXPECT_THAT(refusal("checkpoint.pt"),
              StartsWith("tensor \"epoch\": expected a tensor, found an integer"));
  EXPECT_EQ(refusal("list.pt"), "expected a dict of tensors, found a list");
  EXPECT_THAT(refusal("torchscript.pt"), StartsWith("is a TorchScript archive"));
}

TEST(TorchStateDict, RefusesTensorsThatAskForMoreThanTheFileHolds) {
  EXPECT_THAT(refusal("expanded.pt"), StartsWith("tensor \"wide\": overlaps itself"));
  EXPECT_THAT(refusal("short_record.pt"),
              StartsWith("tensor \"0.weight\": its record \"0\" has 44 bytes, expected 12 "));
}

TEST(TorchStateDict, RefusesOtherArchives) {
  EXPECT_THAT(refusal("deflated.pt"), HasSubstr("is compressed (method 8)"));
  EXPECT_THAT(refusal("big_endian.pt"), HasSubstr("expected little"));
  EXPECT_THAT(refusal("legacy.pt"), HasSubstr("torch before 1.6"));
  EXPECT_THAT(refusal("generate.py"), HasSubstr("neither a zip archive"));
}

TEST(TorchStateDict, RefusesWhatIsNotAFile) {
  EXPECT_THAT(refusal("absent.pt"), HasSubstr("No such file"));
  EXPECT_EQ(refusal(""), "not a regular file");
}
