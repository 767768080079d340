// RUN: tez-opt --esper-transpose-weights %s | FileCheck %s
// RUN: tez-opt --pass-pipeline='builtin.module(esper.kernel(esper-transpose-weights{most-elements=16}))' %s | FileCheck %s --check-prefix=SMALL
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-transpose-weights),test-compare-with-reference)'

// CHECK-LABEL: esper.kernel @linear(
// CHECK:         %[[T:.*]] = esper.transpose %{{.*}} : (tensor<6x4xf32>) -> tensor<4x6xf32>
// CHECK:         %[[M:.*]] = esper.matmul %arg0, %[[T]]
// CHECK:         esper.add %[[M]], %{{.*}} : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
// SMALL-LABEL: esper.kernel @linear(
// SMALL:         esper.linear
esper.kernel @linear(%x: tensor<?x4xf32>) -> tensor<?x6xf32> attributes {leading_any} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %y = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// CHECK-LABEL: esper.kernel @no_bias(
// CHECK:         esper.matmul
// CHECK-NEXT:    esper.return
esper.kernel @no_bias(%x: tensor<4xf32>) -> tensor<6xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %y = esper.linear %x, %w : (tensor<4xf32>, tensor<6x4xf32>) -> tensor<6xf32>
  esper.return %y : tensor<6xf32>
}

// The weight is an input: it would be transposed in every call.
// CHECK-LABEL: esper.kernel @weight_is_input(
// CHECK:         esper.linear
esper.kernel @weight_is_input(%x: tensor<?x4xf32>, %w: tensor<6x4xf32>) -> tensor<?x6xf32> {
  %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}
