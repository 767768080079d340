// RUN: tez-opt --esper-arrange-weights %s | FileCheck %s
// RUN: tez-opt --pass-pipeline='builtin.module(esper.kernel(esper-arrange-weights{most-elements=16}))' %s | FileCheck %s --check-prefix=SMALL
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-arrange-weights),test-compare-with-reference{training=false})'

// CHECK-LABEL: esper.kernel @linear(
// CHECK:         esper.param "weight" {{.*}} memory transposed : tensor<6x4xf32>
// CHECK:         esper.param "bias" <uniform, -5.000000e-01, 5.000000e-01> : tensor<6xf32>
// SMALL-LABEL: esper.kernel @linear(
// SMALL-NOT:     memory
esper.kernel @linear(%x: tensor<?x4xf32>) -> tensor<?x6xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %y = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  esper.return %y : tensor<?x6xf32>
}

// Something else reads the weight, too; an embedding's table.
// CHECK-LABEL: esper.kernel @kept(
// CHECK-NOT:     memory
esper.kernel @kept(%x: tensor<?x4xf32>, %i: tensor<?xi64>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %e = esper.embedding %i, %w : (tensor<?xi64>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %y, %e : tensor<?x4xf32>, tensor<?x4xf32>
}
