// RUN: tez-opt --esper-cancel-shapes %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-cancel-shapes),test-compare-with-reference{training=false})'

// What attention leaves: (B, H, S, D) to (S, B, E), projected, back to (B, S, E).
// CHECK-LABEL: esper.kernel @attention_output(
// CHECK:         %[[P:.*]] = esper.permute %{{.*}} {dims = array<i64: 0, 2, 1, 3>}
// CHECK-NEXT:    %[[F:.*]] = esper.flatten %[[P]]
// CHECK-NEXT:    %[[Y:.*]] = esper.linear %[[F]]
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @attention_output(%x: tensor<?x2x?x4xf32>) -> tensor<?x?x8xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<8x8xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<8xf32>
  %p = esper.permute %x {dims = array<i64: 2, 0, 1, 3>} : (tensor<?x2x?x4xf32>) -> tensor<?x?x2x4xf32>
  %f = esper.flatten %p {start_dim = -2 : i64, end_dim = -1 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x?x8xf32>
  %l = esper.linear %f, %w, %b : (tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %y = esper.transpose %l {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}

// CHECK-LABEL: esper.kernel @undone(
// CHECK-NEXT:    esper.return %{{.*}}
esper.kernel @undone(%x: tensor<?x3x4xf32>) -> tensor<?x3x4xf32> {
  %a = esper.transpose %x {dim0 = 1 : i64, dim1 = -1 : i64} : (tensor<?x3x4xf32>) -> tensor<?x4x3xf32>
  %y = esper.permute %a {dims = array<i64: 0, 2, 1>} : (tensor<?x4x3xf32>) -> tensor<?x3x4xf32>
  esper.return %y : tensor<?x3x4xf32>
}

// The linear's own dimension moves.
// CHECK-LABEL: esper.kernel @last_dimension_moves(
// CHECK:         esper.flatten
// CHECK:         esper.linear
// CHECK:         esper.transpose
esper.kernel @last_dimension_moves(%x: tensor<?x2x?x4xf32>) -> tensor<?x8x?xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<8x8xf32>
  %p = esper.permute %x {dims = array<i64: 2, 0, 1, 3>} : (tensor<?x2x?x4xf32>) -> tensor<?x?x2x4xf32>
  %f = esper.flatten %p {start_dim = -2 : i64, end_dim = -1 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x?x8xf32>
  %l = esper.linear %f, %w : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %y = esper.transpose %l {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x?x8xf32>) -> tensor<?x8x?xf32>
  esper.return %y : tensor<?x8x?xf32>
}

// CHECK-LABEL: esper.kernel @read_elsewhere(
// CHECK:         %[[L:.*]] = esper.linear
// CHECK:         esper.transpose %[[L]]
esper.kernel @read_elsewhere(%x: tensor<?x5x4xf32>) -> (tensor<5x?x4xf32>, tensor<?x5x4xf32>) {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %p = esper.transpose %x {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<?x5x4xf32>) -> tensor<5x?x4xf32>
  %l = esper.linear %p, %w : (tensor<5x?x4xf32>, tensor<4x4xf32>) -> tensor<5x?x4xf32>
  %y = esper.transpose %l {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<5x?x4xf32>) -> tensor<?x5x4xf32>
  esper.return %l, %y : tensor<5x?x4xf32>, tensor<?x5x4xf32>
}
