//===- TorchTesting.h - Kernels made from ts text ---------------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_TORCH_TORCHTESTING_H
#define TEZ_TEST_UNIT_TORCH_TORCHTESTING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Torch/Runtime.h"
#include "tez/Weights/WeightStore.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <numeric>

namespace tez::test {

using Doubles = std::vector<double>;

inline TorchRuntime &runtime() {
  auto opened = getTorchRuntime();
  if (!opened)
    llvm::report_fatal_error(opened.takeError());
  return **opened;
}

/// A ts.module from its text. Parameters hold 1, 2, 3 ..., buffers zeros.
class Module {
public:
  explicit Module(llvm::StringRef text) {
    context.loadDialect<ts::TsDialect>();
    parsed = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!parsed)
      llvm::report_fatal_error("the test's module does not parse");
    for (mlir::Operation &member : module().getBody().front())
      if (llvm::isa<ts::ParameterOp, ts::BufferOp>(member))
        fill(member);
  }

  ts::ModuleOp module() { return *parsed->getOps<ts::ModuleOp>().begin(); }

  llvm::Expected<std::string> emit(const std::map<std::string, std::string> &extra = {}) {
    return runtime().emit(module(), weights, extra);
  }
  std::unique_ptr<LoadedKernel> load() {
    auto bytes = emit();
    if (!bytes)
      llvm::report_fatal_error(bytes.takeError());
    auto kernel = runtime().load(*bytes);
    if (!kernel)
      llvm::report_fatal_error(kernel.takeError());
    return std::move(*kernel);
  }

  WeightStore weights;

private:
  void fill(mlir::Operation &member) {
    auto name = member.getAttrOfType<mlir::StringAttr>("name").getValue();
    auto type =
        llvm::cast<mlir::ShapedType>(member.getAttrOfType<mlir::TypeAttr>("type").getValue());
    Doubles values(size_t(type.getNumElements()));
    if (llvm::isa<ts::ParameterOp>(member))
      std::iota(values.begin(), values.end(), 1);
    DType dtype = type.getElementType().isF32() ? DType::f32 : DType::i64;
    weights.set(name, HostTensor::fromDoubles(dtype, type.getShape().vec(), values));
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> parsed;
};

inline HostTensor floats(std::vector<int64_t> shape, const Doubles &values) {
  return HostTensor::fromDoubles(DType::f32, std::move(shape), values);
}

inline RunResult runOrFail(LoadedKernel &kernel, const RunRequest &request) {
  auto result = kernel.run(request);
  if (result)
    return *result;
  ADD_FAILURE() << llvm::toString(result.takeError());
  return {};
}

/// The names in a list of pairs.
template <typename Pairs> std::vector<std::string> namesOf(const Pairs &pairs) {
  std::vector<std::string> names;
  for (const auto &[name, value] : pairs)
    names.push_back(name);
  return names;
}

} // namespace tez::test

#endif // TEZ_TEST_UNIT_TORCH_TORCHTESTING_H
