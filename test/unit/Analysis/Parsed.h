//===- Parsed.h - A kernel from text ----------------------------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_ANALYSIS_PARSED_H
#define TEZ_TEST_UNIT_ANALYSIS_PARSED_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "tez/Dialect/Esper/Esper.h"
#include <gtest/gtest.h>

namespace tez::test {

/// The first kernel of a module, and its ops and values by place.
struct Parsed {
  explicit Parsed(llvm::StringRef text) {
    context.loadDialect<esper::EsperDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << text.str();
  }

  esper::KernelOp kernel() { return *module->getOps<esper::KernelOp>().begin(); }
  /// The first operand of the terminator.
  mlir::Value result(unsigned i = 0) { return kernel().getReturn().getResults()[i]; }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// A kernel on `tensor<?x8xf32>` with this body, which yields %y.
inline std::string kernelText(const std::string &body) {
  return "esper.kernel @k(%x: tensor<?x8xf32>, %z: tensor<?x8xf32>) -> tensor<?x8xf32> {\n" + body +
         "\nesper.return %y : tensor<?x8xf32>\n}";
}

} // namespace tez::test

#endif // TEZ_TEST_UNIT_ANALYSIS_PARSED_H
