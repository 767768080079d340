// RUN: tez-opt --esper-to-linalg --split-input-file %s | FileCheck %s

// Leading dimensions become one, of inputs, outputs and all between.
// CHECK-LABEL: func.func @many(
// CHECK-SAME:    memref<?x3xf32> {native.input = "input0"}, %{{.*}}: memref<?x3xf32> {native.input = "input1"},
// CHECK-SAME:    memref<?x4xf32> {native.output})
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<?x3xf32>)
// CHECK:         native.row_softmax({{.*}} : tensor<?x3xf32>)
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4xf32>)
esper.kernel @many(%x: tensor<?x?x5x3xf32>, %y: tensor<?x?x5x3xf32>) -> tensor<?x?x5x4xf32> {
  %w = esper.param "w" <constant, 1.0> : tensor<4x3xf32>
  %0 = esper.add %x, %y : (tensor<?x?x5x3xf32>, tensor<?x?x5x3xf32>) -> tensor<?x?x5x3xf32>
  %1 = esper.softmax %0 {dim = 3 : i64} : (tensor<?x?x5x3xf32>) -> tensor<?x?x5x3xf32>
  %2 = esper.linear %1, %w : (tensor<?x?x5x3xf32>, tensor<4x3xf32>) -> tensor<?x?x5x4xf32>
  esper.return %2 : tensor<?x?x5x4xf32>
}

// -----

// One input would broadcast to the other's leading dimensions.
// CHECK: esper.kernel @ranks
esper.kernel @ranks(%x: tensor<?x?x3xf32>, %y: tensor<?x3xf32>) -> tensor<?x?x3xf32> {
  %0 = esper.add %x, %y : (tensor<?x?x3xf32>, tensor<?x3xf32>) -> tensor<?x?x3xf32>
  esper.return %0 : tensor<?x?x3xf32>
}

// -----

// CHECK: esper.kernel @sizes
esper.kernel @sizes(%x: tensor<?x4x3xf32>, %y: tensor<?x1x3xf32>) -> tensor<?x4x3xf32> {
  %0 = esper.add %x, %y : (tensor<?x4x3xf32>, tensor<?x1x3xf32>) -> tensor<?x4x3xf32>
  esper.return %0 : tensor<?x4x3xf32>
}

// -----

// The softmax runs across rows.
// CHECK: esper.kernel @across
esper.kernel @across(%x: tensor<?x4x3xf32>) -> tensor<?x4x3xf32> {
  %0 = esper.softmax %x {dim = -2 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  esper.return %0 : tensor<?x4x3xf32>
}

// -----

// Weights are no rows, even where their shape could be one.
// CHECK: esper.kernel @state
esper.kernel @state(%x: tensor<?x3xf32>) -> tensor<4x3xf32> {
  %w = esper.param "w" <constant, 1.0> : tensor<4x3xf32>
  %0 = esper.activation "relu" %w : tensor<4x3xf32>
  esper.return %0 : tensor<4x3xf32>
}
