//===- NpyTest.cpp --------------------------------------------------------===//

#include "tez/Support/Npy.h"
#include "gtest/gtest.h"

using namespace tez;

static std::string problemOf(const std::string &bytes) {
  auto tensor = readNpy(bytes, "x.npy");
  return tensor ? "" : llvm::toString(tensor.takeError());
}

/// A file of format 1.0 with this dictionary and data.
static std::string makeFile(const std::string &dictionary, const std::string &data) {
  std::string header = dictionary + "\n";
  return std::string("\x93NUMPY\x01\x00", 8) + char(header.size() & 255) +
         char(header.size() >> 8) + header + data;
}

TEST(Npy, KeepsEveryTypeAndShape) {
  for (DType dtype : {DType::f64, DType::f32, DType::f16, DType::i64, DType::i32, DType::i16,
                      DType::i8, DType::u8, DType::i1})
    for (const std::vector<int64_t> &shape :
         {std::vector<int64_t>{}, {1}, {0}, {2, 3}, {3, 0, 2}, {1, 2, 1, 2}}) {
      HostTensor tensor(dtype, shape);
      tensor = HostTensor::fromDoubles(dtype, shape,
                                       std::vector<double>(size_t(tensor.numElements()), 1));
      std::string bytes = writeNpy(tensor);
      auto back = readNpy(bytes, "x.npy");
      ASSERT_TRUE(bool(back)) << llvm::toString(back.takeError());
      EXPECT_EQ(back->dtype(), dtype);
      EXPECT_EQ(back->shape(), shape);
      EXPECT_EQ(back->toDoubles(), tensor.toDoubles());
      EXPECT_EQ((bytes.size() - tensor.numBytes()) % 64, 0u) << name(dtype);
    }
}

TEST(Npy, WidensBf16) {
  auto back = readNpy(writeNpy(HostTensor::fromDoubles(DType::bf16, {2}, {1.5, -2})), "x.npy");
  ASSERT_TRUE(bool(back)) << llvm::toString(back.takeError());
  EXPECT_EQ(back->dtype(), DType::f32);
  EXPECT_EQ(back->toDoubles(), (std::vector<double>{1.5, -2}));
}

TEST(Npy, RefusesEveryTruncation) {
  std::string bytes = writeNpy(HostTensor(DType::f32, {2, 3}));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(problemOf(bytes.substr(0, size)), "") << size << " bytes";
  EXPECT_NE(problemOf(bytes + "x"), "");
}

TEST(Npy, RefusesHostileHeaders) {
  const char *fields[] = {
      "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
      "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, }",
      "{'descr': '<f4', 'fortran_order': False, }",
      "{'fortran_order': False, 'shape': (1,), }",
      ""};
  for (const char *field : fields)
    EXPECT_NE(problemOf(makeFile(field, std::string(4, '\0'))), "") << field;
  EXPECT_EQ(problemOf(makeFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
                               std::string(4, '\0'))),
            "");
}

TEST(Npy, NamesTheFile) { EXPECT_NE(problemOf("not an array").find("x.npy"), std::string::npos); }
