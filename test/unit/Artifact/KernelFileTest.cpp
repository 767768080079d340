//===- KernelFileTest.cpp - What a kernel file may ask of torch -----------===//
//
// The attacks are in test/Integration/_hostile.py; here is what needs no torch.
//
//===----------------------------------------------------------------------===//

#include "tez/Artifact/KernelFile.h"
#include "Kernels.h"
#include "gtest/gtest.h"

using namespace tez;
using tez::test::SmallKernel;

static std::string verdictOn(const std::string &archive) {
  llvm::Error error = checkKernelFile(archive);
  return error ? llvm::toString(std::move(error)) : "good";
}

static std::string verdictOnBody(const std::string &body, const std::string &more = "") {
  SmallKernel kernel;
  kernel.body = body;
  kernel.more = more;
  return verdictOn(kernel.archive());
}

static std::string verdictOnState(const std::string &state) {
  SmallKernel kernel;
  kernel.state = state;
  return verdictOn(kernel.archive());
}

TEST(KernelFile, SmallOneIsGood) {
  EXPECT_EQ(verdictOn(SmallKernel().archive()), "good");
  EXPECT_EQ(verdictOn(SmallKernel().sealed()), "good");
}

TEST(KernelFile, FormsOfThePrinterAreGood) {
  for (const char *body :
       {"    return torch.linear(x, self.weight)\n", "    return torch.add(x, -1.5e-05, alpha=2)\n",
        "    w = self.weight\n    return torch.linear(x, w, None, )\n",
        "    if torch.gt(torch.dim(x), 2):\n      y = x\n    else:\n      pass\n    return x\n",
        "    a, b, = torch.split_with_sizes(x, [1, 2])\n    return getattr(self, \"weight\")\n",
        "    for i in range(3):\n      y = torch.relu(x)\n    return x\n",
        "    ops.prim.RaiseException(torch.format(\"{}\", 1), \"builtins.ValueError\")\n    return "
        "x\n",
        "    y = annotate(List[Tensor], [])\n    return unchecked_cast(Tensor, x)\n",
        "    return (self).forward(x, )\n", "    d = {\"a\": x}\n    return d[\"a\"]\n",
        "    return CONSTANTS.c0\n"})
    EXPECT_EQ(verdictOnBody(body), "good") << body;
}

TEST(KernelFile, OwnFunctionsMayBeCalled) {
  const char *function = "def f(x: Tensor, n: int=2) -> Tensor:\n  return torch.relu(x)\n";
  EXPECT_EQ(verdictOnBody("    g = __torch__.f\n    return g(x, )\n", function), "good");
  EXPECT_EQ(verdictOnBody("    return __torch__.f(x)\n", function), "good");
  EXPECT_NE(verdictOnBody("    g = x\n    return g(x, )\n", function), "good");
}

TEST(KernelFile, OtherOperatorsAreNamedWithTheirLine) {
  EXPECT_EQ(verdictOnBody("    return torch.save(x, \"f\")\n"),
            "record \"kernel/code/__torch__.py\" line 8: uses torch.save, which is no call of an "
            "operator that kernels may use");
}

/// A local that is not always an object of one class is none.
TEST(KernelFile, LocalsAreFollowed) {
  EXPECT_EQ(verdictOnBody("    s = self\n    return (s).forward(x, )\n"), "good");
  EXPECT_NE(verdictOnBody("    s = self\n    s = x\n    return (s).forward(x, )\n"), "good");
  EXPECT_NE(verdictOnBody("    t = self\n    for i in range(2):\n      s = t\n"
                          "      _0 = (s).forward(x, )\n      t = x\n    return x\n"),
            "good");
}

TEST(KernelFile, TensorsStayInTheirRecords) {
  auto tensor = SmallKernel::tensor;
  EXPECT_EQ(verdictOnState(tensor("K\x10", "K\x10", "K\x01") + "u"), "good");
  for (const auto &[count, sizes, strides] :
       {std::tuple("K\x10", "K\x11", "K\x01"),
        {"K\x10", "K\x02K\x02", "K\x0fK\x01"},
        {"K\x11", "K\x01", "K\x01"},
        {"K\x10", "K\x10", ""},
        {"K\x10", "J\xff\xff\xff\x7fJ\xff\xff\xff\x7f", "J\xff\xff\xff\x7fJ\xff\xff\xff\x7f"},
        {"K\x10", "J\xff\xff\xff\xff", "K\x01"},
        {"J\xff\xff\xff\xff", "K\x01", "K\x01"}})
    EXPECT_NE(verdictOnState(tensor(count, sizes, strides) + "u"), "good") << sizes;
}

TEST(KernelFile, ObjectsAreWhatTheirClassDeclares) {
  EXPECT_NE(verdictOnState("K\x01u"), "good");
  EXPECT_NE(verdictOnState("c__torch__\nK\n)\x81u"), "good");
  SmallKernel kernel;
  kernel.members += "  other : Tensor\n";
  EXPECT_NE(verdictOn(kernel.archive()), "good");
  kernel.members = "  weight : Tensor\n  training : bool\n  size : Final[int] = 3\n";
  EXPECT_EQ(verdictOn(kernel.archive()), "good");
}
