//===- SafeTensorsTest.cpp - Files of the safetensors format --------------===//

#include "WeightFiles.h"

using namespace tez;
using namespace tez::test;
using testing::HasSubstr;
using testing::StartsWith;

TEST(SafeTensors, ReadsNamesShapesAndValues) {
  WeightStore store = readInput("net.safetensors");
  EXPECT_EQ(store.names().size(), 7u);
  expectTensor(store, "0.weight", DType::f32, {4, 3}, ramp(12));
  expectTensor(store, "1.num_batches_tracked", DType::i64, {}, {0});
}

TEST(SafeTensors, ReadsEveryDType) { expectEveryDType(readInput("dtypes.safetensors")); }

TEST(SafeTensors, CopiesUnalignedData) {
  expectTensor(readInput("unaligned.safetensors"), "x", DType::f32, {2}, {1, 2});
}

/// Its first bytes, 80 02, are those of a pickle as well.
TEST(SafeTensors, ReadsAHeaderOf640Bytes) {
  expectTensor(readInput("length640.safetensors"), "x", DType::f32, {2}, {0, 1});
}

TEST(SafeTensors, RefusesTensorsThatDoNotTileTheData) {
  EXPECT_THAT(refusal("overlap.safetensors"),
              StartsWith("tensor \"b\": data_offsets [4, 12], expected to begin at 8"));
  EXPECT_THAT(refusal("gap.safetensors"),
              StartsWith("tensor \"a\": data_offsets [4, 12], expected to begin at 0"));
  EXPECT_EQ(refusal("surplus.safetensors"),
            "the tensors take 8 bytes, the file holds 12 after the header");
}

TEST(SafeTensors, RefusesSizesThatContradict) {
  EXPECT_EQ(refusal("size.safetensors"),
            "tensor \"a\": data_offsets span 12 bytes, 2 elements of f32 were expected");
  EXPECT_THAT(refusal("overflow.safetensors"),
              StartsWith("tensor \"a\": the product of the dimensions exceeds 64 bits"));
}

TEST(SafeTensors, RefusesWrongHeaders) {
  EXPECT_THAT(refusal("dtype.safetensors"), HasSubstr("a.dtype: expected F64, F32"));
  EXPECT_THAT(refusal("duplicate.safetensors"), StartsWith("byte "));
  EXPECT_THAT(refusal("unknown_key.safetensors"), HasSubstr("a.scale"));
  EXPECT_THAT(refusal("metadata.safetensors"), HasSubstr("__metadata__.step: expected a string"));
}

TEST(SafeTensors, RefusesBooleansOtherThanZeroAndOne) {
  EXPECT_EQ(refusal("boolean.safetensors"),
            "tensor \"a\": boolean element 0 is 2, expected 0 or 1");
}
