//===- WarmChildTest.cpp - Kernels judged in turns by children that stay -----------===//

#include "WarmChild.h"
#include "Answer.h"
#include "Request.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"
#include "tez/Weights/KernelWeights.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tez;
using testing::HasSubstr;

namespace {

/// `act` in place of %act: the kernels differ by it.
std::string kernelText(llvm::StringRef act) {
  return (R"(
esper.kernel @net(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<2x3xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<2xf32>
  %y = esper.linear %x, %w, %b : (tensor<?x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %z = esper.activation ")" +
          act + R"(" %y : tensor<?x2xf32> loc("config")
  esper.return %z : tensor<?x2xf32>
})")
      .str();
}

class WarmChildTest : public testing::Test {
protected:
  std::unique_ptr<MLIRContext> context = makeRequestContext();
  std::vector<OwningOpRef<mlir::ModuleOp>> owners;

  std::shared_ptr<KernelUnderTest> make(llvm::StringRef act) {
    OwningOpRef<mlir::ModuleOp> module =
        parseSourceString<mlir::ModuleOp>(kernelText(act), context.get());
    OwningOpRef<mlir::ModuleOp> reference = module->clone();
    PassManager passes(context.get());
    passes.addPass(createEsperToTorchScript());
    EXPECT_TRUE(succeeded(passes.run(*module)));
    auto kernel = *reference->getOps<esper::KernelOp>().begin();
    auto file = emitForValidation(*module->getOps<ts::ModuleOp>().begin(), kernel,
                                  initialWeights(kernel, 3), 3);
    file->benchBudget = 0;
    owners.push_back(std::move(module));
    owners.push_back(std::move(reference));
    return file;
  }
  static std::vector<const Check *> rows() {
    std::vector<const Check *> rows;
    for (const Check &check : allChecks())
      if (check.name == "outputs" || check.name == "gradients" || check.name == "graft")
        rows.push_back(&check);
    return rows;
  }
};

std::string textOf(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  op->print(stream, OpPrintingFlags().enableDebugInfo());
  return text;
}

TEST_F(WarmChildTest, RequestsArriveAsTheyWere) {
  auto file = make("tanh");
  file->seed = 77;
  std::string bytes = RequestWriter(*file).write(rows());
  auto other = makeRequestContext();
  std::optional<Request> read = readRequest(bytes, *other);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->checks, testing::ElementsAre("outputs", "gradients", "graft"));
  EXPECT_EQ(read->file->seed, 77U);
  EXPECT_EQ(read->file->benchBudget, 0);
  EXPECT_EQ(read->file->bytes, file->bytes);
  EXPECT_EQ(textOf(read->file->lowered), textOf(file->lowered));
  EXPECT_EQ(textOf(*read->file->oracle), textOf(*file->oracle));
  ASSERT_EQ(read->file->weights.names(), file->weights.names());
  for (const std::string &name : file->weights.names())
    EXPECT_EQ(read->file->weights.lookup(name)->toDoubles(),
              file->weights.lookup(name)->toDoubles());
}

TEST_F(WarmChildTest, PlacesAreCountedAlikeOnBothSides) {
  auto file = make("tanh");
  auto other = makeRequestContext();
  std::optional<Request> read = readRequest(RequestWriter(*file).write({}), *other);
  ASSERT_TRUE(read);
  auto activation = [](KernelUnderTest &one) {
    return *one.reference().getBody().getOps<esper::ActivationOp>().begin();
  };
  size_t here = Places(*file).indexOf(activation(*file).getLoc());
  EXPECT_NE(here, 0U);
  EXPECT_EQ(Places(*read->file).indexOf(activation(*read->file).getLoc()), here);
}

TEST_F(WarmChildTest, GoodKernelsPassOneAfterTheOther) {
  for (llvm::StringRef act : {"tanh", "relu", "tanh"}) {
    auto file = make(act);
    ASSERT_TRUE(askWarmChildren(*file, rows())) << act.str();
    EXPECT_TRUE(succeeded(validate(*file, {"outputs", "gradients", "graft", "memory"})));
    std::vector<std::string> order;
    for (const Verdict &verdict : file->verdicts)
      order.push_back(verdict.check);
    EXPECT_THAT(order, testing::ElementsAre("outputs", "gradients", "graft", "memory"));
  }
}

/// One kernel's file in the place of another's: decided by a child of its own, and the
/// child that stays takes no harm.
TEST_F(WarmChildTest, AWrongKernelIsJudgedAfresh) {
  auto good = make("tanh"), wrong = make("relu");
  wrong->bytes = good->bytes;
  EXPECT_FALSE(askWarmChildren(*wrong, rows()));
  std::string said;
  ScopedDiagnosticHandler hear(context.get(), [&](Diagnostic &diagnostic) {
    said += diagnostic.str();
    return success();
  });
  EXPECT_TRUE(failed(validate(*wrong)));
  ASSERT_EQ(wrong->verdicts.size(), 1U); // what the first child found is not told twice
  EXPECT_EQ(wrong->verdicts.front().check, "outputs");
  EXPECT_THAT(said, HasSubstr("differs from the reference"));
  EXPECT_TRUE(succeeded(validate(*good)));
}

TEST_F(WarmChildTest, KernelsOfAnotherKindAreNotTaken) {
  auto alone = make("tanh");
  alone->alone = true;
  EXPECT_FALSE(askWarmChildren(*alone, rows()));
  auto foreign = make("tanh");
  foreign->foreign = true; // whoever made it is not trusted with kernels of others
  EXPECT_FALSE(askWarmChildren(*foreign, rows()));
}

} // namespace
