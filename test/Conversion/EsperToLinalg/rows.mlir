// RUN: tez-opt --esper-to-linalg --split-input-file %s | FileCheck %s

// CHECK-LABEL: func.func @norms(
// CHECK-SAME:    %[[X:.*]]: memref<?x3xf32> {native.input = "x"},
// CHECK-SAME:    %[[W:.*]]: memref<3xf32> {native.state = "w"},
// CHECK-SAME:    %[[B:.*]]: memref<3xf32> {native.state = "b"},
// CHECK-DAG:     %[[XT:.*]] = bufferization.to_tensor %[[X]]
// CHECK-DAG:     %[[WT:.*]] = bufferization.to_tensor %[[W]]
// CHECK-DAG:     %[[BT:.*]] = bufferization.to_tensor %[[B]]
// CHECK:         %[[N:.*]] = native.row_norm(%[[XT]] : tensor<?x3xf32>) scale(%[[WT]] : tensor<3xf32>) shift(%[[BT]] : tensor<3xf32>)
// CHECK-SAME:      into %{{.*}} {centered, eps = 1.000000e-05 : f64}
// CHECK:         native.row_norm(%[[N]] : tensor<?x3xf32>) scale(%[[WT]] : tensor<3xf32>) into %{{.*}} {eps = 1.000000e-03 : f64}
// Without eps: that of fp32.
// CHECK:         native.row_norm({{.*}}) into %{{.*}} {eps = 1.1920928955078125E-7 : f64}
esper.kernel @norms(%x: tensor<?x3xf32> {esper.name = "x"}) -> tensor<?x3xf32> {
  %w = esper.param "w" <constant, 1.0> : tensor<3xf32>
  %b = esper.param "b" <constant, 0.0> : tensor<3xf32>
  %0 = esper.layer_norm %x weight(%w) bias(%b) {normalized_shape = array<i64: 3>, eps = 1.0e-05 : f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %1 = esper.rms_norm %0 weight(%w) {normalized_shape = array<i64: 3>, eps = 1.0e-03 : f64} : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %2 = esper.rms_norm %1 {normalized_shape = array<i64: 3>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %2 : tensor<?x3xf32>
}

// -----

// CHECK-LABEL: func.func @softmaxes(
// CHECK:         native.row_softmax({{.*}}) into %{{.*}} : tensor<?x3xf32> -> tensor<?x3xf32>
// CHECK:         native.row_softmax({{.*}}) into %{{.*}} : tensor<?x3xf32> {log} -> tensor<?x3xf32>
esper.kernel @softmaxes(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = esper.softmax %x {dim = -1 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %1 = esper.log_softmax %0 {dim = 1 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %1 : tensor<?x3xf32>
}

// -----

// With a scale that is computed it stays.
// CHECK: esper.kernel @computed_scale
esper.kernel @computed_scale(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %w = esper.param "w" <constant, 1.0> : tensor<3xf32>
  %v = esper.activation "relu" %w : tensor<3xf32>
  %0 = esper.rms_norm %x weight(%v) {normalized_shape = array<i64: 3>} : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  esper.return %0 : tensor<?x3xf32>
}

// -----

// Columns beside each other, and parts of them; a glu multiplies its halves.
// CHECK-LABEL: func.func @columns(
// CHECK:         %[[C:.*]] = native.columns(%[[X:.*]], %[[X]] : tensor<?x4xf32>, tensor<?x4xf32>) into %{{.*}} : tensor<?x8xf32> {begins = array<i64: 0, 0>, counts = array<i64: 4, 4>, groups = 1 : i64}
// CHECK:         native.columns(%[[C]] : tensor<?x8xf32>) into %{{.*}} : tensor<?x2xf32> {begins = array<i64: 0>, counts = array<i64: 2>
// CHECK:         %[[P:.*]] = native.columns(%[[C]] : tensor<?x8xf32>) into %{{.*}} : tensor<?x6xf32> {begins = array<i64: 2>, counts = array<i64: 6>
// CHECK:         %[[S:.*]] = native.columns(%[[P]] : tensor<?x6xf32>) into %{{.*}} : tensor<?x4xf32> {begins = array<i64: 1>, counts = array<i64: 4>
// CHECK:         %[[L:.*]] = native.columns(%[[S]] : tensor<?x4xf32>) {{.*}} {begins = array<i64: 0>, counts = array<i64: 2>
// CHECK:         %[[R:.*]] = native.columns(%[[S]] : tensor<?x4xf32>) {{.*}} {begins = array<i64: 2>, counts = array<i64: 2>
// CHECK:         linalg.generic {{.*}} ins(%[[L]], %[[R]]
// CHECK:           math.exp
esper.kernel @columns(%x: tensor<?x?x4xf32>) -> (tensor<?x?x2xf32>, tensor<?x?x2xf32>) {
  %0 = esper.concat %x, %x {dim = -1 : i64} : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x8xf32>
  %1:2 = esper.split %0 {sizes = array<i64: 2, 6>, dim = 2 : i64} : (tensor<?x?x8xf32>) -> (tensor<?x?x2xf32>, tensor<?x?x6xf32>)
  %2 = esper.slice %1#1 {dim = -1 : i64, start = -5 : i64, end = -1 : i64} : (tensor<?x?x6xf32>) -> tensor<?x?x4xf32>
  %3 = esper.glu %2 {dim = -1 : i64} : (tensor<?x?x4xf32>) -> tensor<?x?x2xf32>
  esper.return %1#0, %3 : tensor<?x?x2xf32>, tensor<?x?x2xf32>
}
