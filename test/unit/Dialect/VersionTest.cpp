//===- VersionTest.cpp - Bytecode of other versions of esper --------------===//

#include "tez/Dialect/Esper/Version.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "tez/Dialect/Esper/Esper.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tez::esper;

namespace {
class Version : public testing::Test {
protected:
  Version() : context(MLIRContext::Threading::DISABLED) {
    context.loadDialect<EsperDialect>();
    module = parseSourceString<ModuleOp>(R"(
      esper.kernel @net(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
        esper.return %x : tensor<?x4xf32>
      })",
                                         &context);
  }

  /// Bytecode that says it is of this version; nullopt: as it is written.
  std::string written(std::optional<uint64_t> number) {
    BytecodeWriterConfig config("test");
    if (number)
      config.setDialectVersion<EsperDialect>(std::make_unique<EsperVersion>(*number));
    std::string bytes;
    llvm::raw_string_ostream stream(bytes);
    EXPECT_TRUE(succeeded(writeBytecodeToFile(*module, stream, config)));
    return bytes;
  }

  /// "read", or why not.
  std::string answerTo(const std::string &bytes) {
    std::string answer;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      answer += diagnostic.str();
      return success();
    });
    return parseSourceString<ModuleOp>(bytes, &context) ? "read" : answer;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(Version, OwnBytecodeSaysTheCurrentVersion) {
  EXPECT_EQ(written(std::nullopt), written(currentVersion()));
  EXPECT_NE(written(std::nullopt), written(currentVersion() + 1));
  EXPECT_EQ(answerTo(written(std::nullopt)), "read");
}

TEST_F(Version, NewerIsRefusedWithBothNumbers) {
  std::string answer = answerTo(written(currentVersion() + 1));
  EXPECT_NE(answer.find("written in version " + std::to_string(currentVersion() + 1) +
                        " of the esper dialect; this compiler reads up to version " +
                        std::to_string(currentVersion())),
            std::string::npos)
      << answer;
}

TEST_F(Version, NoVersionBeforeTheFirst) {
  EXPECT_NE(answerTo(written(0)).find("and none below 1"), std::string::npos);
}

LogicalResult appendA(Operation *op) {
  op->setAttr("steps", StringAttr::get(op->getContext(), "a"));
  return success();
}

LogicalResult appendB(Operation *op) {
  auto before = op->getAttrOfType<StringAttr>("steps");
  op->setAttr("steps",
              StringAttr::get(op->getContext(), (before ? before.str() : std::string()) + "b"));
  return success();
}

TEST_F(Version, StepsRunInOrderFromTheVersionOfTheFile) {
  auto stepsFrom = [&](uint64_t version) {
    (*module)->removeAttr("steps");
    EXPECT_TRUE(succeeded(upgrade(*module, version, {appendA, appendB})));
    auto steps = (*module)->getAttrOfType<StringAttr>("steps");
    return steps ? steps.str() : std::string();
  };
  EXPECT_EQ(stepsFrom(1), "ab");
  EXPECT_EQ(stepsFrom(2), "b");
  EXPECT_EQ(stepsFrom(3), "");
}

TEST_F(Version, StepThatFailsEndsTheUpgrade) {
  auto fails = [](Operation *) -> LogicalResult { return failure(); };
  EXPECT_TRUE(failed(upgrade(*module, 1, {fails, appendA})));
  EXPECT_FALSE((*module)->hasAttr("steps"));
}
} // namespace
