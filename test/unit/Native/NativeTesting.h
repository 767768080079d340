//===- NativeTesting.h - Machine code of small kernels ----------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_NATIVE_NATIVETESTING_H
#define TEZ_TEST_UNIT_NATIVE_NATIVETESTING_H

#include "mlir/Parser/Parser.h"
#include "tez/Native/MachineCode.h"
#include "tez/Pipeline/Registration.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tez::test {

/// y = relu(x w^T + b), then y v^T: 5 -> 20 -> 3.
inline constexpr const char *twoLayers = R"(
esper.kernel @net(%x: tensor<?x5xf32> {esper.name = "x"}) -> tensor<?x3xf32> attributes {esper.infer, leading_any} {
  %w = esper.param "w" <constant, 1.0> : tensor<20x5xf32>
  %b = esper.param "b" <constant, 1.0> : tensor<20xf32>
  %v = esper.param "v" <constant, 1.0> : tensor<3x20xf32>
  %0 = esper.linear %x, %w, %b : (tensor<?x5xf32>, tensor<20x5xf32>, tensor<20xf32>) -> tensor<?x20xf32>
  %1 = esper.activation "relu" %0 : tensor<?x20xf32>
  %2 = esper.linear %1, %v : (tensor<?x20xf32>, tensor<3x20xf32>) -> tensor<?x3xf32>
  esper.return %2 : tensor<?x3xf32>
})";

/// Two heads of 3 columns each.
inline constexpr const char *attention = R"(
esper.kernel @net(%x: tensor<?x?x18xf32>) -> tensor<?x?x6xf32> attributes {esper.infer} {
  %p:3 = esper.split %x {dim = -1 : i64, sizes = array<i64: 6, 6, 6>} : (tensor<?x?x18xf32>) -> (tensor<?x?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x6xf32>)
  %0 = esper.unflatten %p#0 {dim = -1 : i64, sizes = array<i64: 2, 3>} : (tensor<?x?x6xf32>) -> tensor<?x?x2x3xf32>
  %q = esper.transpose %0 {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x?x2x3xf32>) -> tensor<?x2x?x3xf32>
  %1 = esper.unflatten %p#1 {dim = -1 : i64, sizes = array<i64: 2, 3>} : (tensor<?x?x6xf32>) -> tensor<?x?x2x3xf32>
  %k = esper.transpose %1 {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x?x2x3xf32>) -> tensor<?x2x?x3xf32>
  %2 = esper.unflatten %p#2 {dim = -1 : i64, sizes = array<i64: 2, 3>} : (tensor<?x?x6xf32>) -> tensor<?x?x2x3xf32>
  %v = esper.transpose %2 {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x?x2x3xf32>) -> tensor<?x2x?x3xf32>
  %a = esper.sdpa %q, %k, %v {scale = 1.0 : f64} : (tensor<?x2x?x3xf32>, tensor<?x2x?x3xf32>, tensor<?x2x?x3xf32>) -> tensor<?x2x?x3xf32>
  %3 = esper.permute %a {dims = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x3xf32>) -> tensor<?x?x2x3xf32>
  %4 = esper.flatten %3 {start_dim = -2 : i64, end_dim = -1 : i64} : (tensor<?x?x2x3xf32>) -> tensor<?x?x6xf32>
  esper.return %4 : tensor<?x?x6xf32>
})";

/// Images of 5 x 5 with a border, which is in scratch memory.
inline constexpr const char *images = R"(
esper.kernel @net(%x: tensor<?x2x5x5xf32>) -> tensor<?x3x3x3xf32> attributes {esper.infer} {
  %w = esper.param "w" <constant, 1.0> : tensor<3x2x3x3xf32>
  %y = esper.conv %x, %w {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x2x5x5xf32>, tensor<3x2x3x3xf32>) -> tensor<?x3x3x3xf32>
  esper.return %y : tensor<?x3x3x3xf32>
})";

/// Small numbers that differ.
inline HostTensor numbers(std::vector<int64_t> shape) {
  HostTensor tensor(DType::f32, std::move(shape));
  for (int64_t i = 0; i < tensor.numElements(); ++i)
    tensor.data<float>()[i] = float((i * 7) % 13 - 6) / 4;
  return tensor;
}

inline WeightStore twoLayerWeights() {
  WeightStore weights;
  weights.set("w", numbers({20, 5}));
  weights.set("b", numbers({20}));
  weights.set("v", numbers({3, 20}));
  return weights;
}

inline WeightStore imageWeights() {
  WeightStore weights;
  weights.set("w", numbers({3, 2, 3, 3}));
  return weights;
}

inline llvm::Expected<std::optional<native::MachineCode>> compileText(const char *text,
                                                                      const WeightStore &weights,
                                                                      const char *cpu = "native",
                                                                      bool withChecked = false) {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  llvm::Expected<native::Target> target = native::findTarget(cpu);
  if (!module || !target)
    return target ? llvm::createStringError("does not parse") : target.takeError();
  return native::compile(*module, weights, *target, withChecked);
}

} // namespace tez::test

#endif // TEZ_TEST_UNIT_NATIVE_NATIVETESTING_H
