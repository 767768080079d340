// RUN: tez-opt %s --canonicalize --cse | FileCheck %s
// No op of this group has a folder; equal ones merge, unread ones go.

// CHECK-LABEL: esper.kernel @merge_and_drop(
esper.kernel @merge_and_drop(%x: tensor<?x4xf32>, %w: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK:     %[[Y:.*]] = esper.linear
  // CHECK-NOT: esper.linear
  // CHECK-NOT: esper.matmul
  // CHECK:     esper.return %[[Y]], %[[Y]]
  %0 = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %1 = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %2 = esper.matmul %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

// Parameters are state: they stay and stay apart.
// CHECK-LABEL: esper.kernel @parameters_stay(
esper.kernel @parameters_stay(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: esper.param "a"
  // CHECK: esper.param "b"
  %a = esper.param "a" <constant, 0.0> : tensor<4x4xf32>
  %b = esper.param "b" <constant, 0.0> : tensor<4x4xf32>
  %0 = esper.linear %x, %b : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}
