// RUN: tez-opt --esper-fold-batch-norm %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-fold-batch-norm),test-compare-with-reference{training=false})'

// CHECK-LABEL: esper.kernel @conv(
// CHECK-DAG:     %[[W:.*]] = esper.multiply %{{.*}}, %{{.*}} : (tensor<8x3x3x3xf32>, tensor<8x1x1x1xf32>) -> tensor<8x3x3x3xf32>
// CHECK:         %[[Y:.*]] = esper.conv %arg0, %[[W]], %{{.*}} {
// CHECK-NOT:     esper.batch_norm
// CHECK:         esper.return %[[Y]]
esper.kernel @conv(%x: tensor<?x3x?x?xf32>) -> tensor<?x8x?x?xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<8x3x3x3xf32>
  %b = esper.param "0.bias" <uniform, -0.5, 0.5> : tensor<8xf32>
  %c = esper.conv %x, %w, %b {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<?x3x?x?xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>) -> tensor<?x8x?x?xf32>
  %g = esper.param "1.weight" <uniform, 0.5, 1.5> : tensor<8xf32>
  %h = esper.param "1.bias" <uniform, -0.5, 0.5> : tensor<8xf32>
  %m = esper.buffer "1.running_mean" <uniform, -0.5, 0.5> : tensor<8xf32>
  %v = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<8xf32>
  %t = esper.flag false
  %y, %ym, %yv = esper.batch_norm %c weight(%g) bias(%h) running(%m, %v) training(%t) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return %y : tensor<?x8x?x?xf32>
}

// The channels of a transposed convolution are dimension 1 of its weight; no bias, no affine parameters.
// CHECK-LABEL: esper.kernel @transposed(
// CHECK:         esper.multiply %{{.*}}, %{{.*}} : (tensor<3x8x2xf32>, tensor<1x8x1xf32>) -> tensor<3x8x2xf32>
// CHECK:         esper.conv_transpose
// CHECK-NOT:     esper.batch_norm
esper.kernel @transposed(%x: tensor<?x3x?xf32>) -> tensor<?x8x?xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<3x8x2xf32>
  %c = esper.conv_transpose %x, %w {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<?x3x?xf32>, tensor<3x8x2xf32>) -> tensor<?x8x?xf32>
  %m = esper.buffer "1.running_mean" <uniform, -0.5, 0.5> : tensor<8xf32>
  %v = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<8xf32>
  %t = esper.flag false
  %y, %ym, %yv = esper.batch_norm %c running(%m, %v) training(%t) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return %y : tensor<?x8x?xf32>
}

// CHECK-LABEL: esper.kernel @linear(
// CHECK-NOT:     esper.batch_norm
esper.kernel @linear(%x: tensor<?x4xf32>) -> tensor<?x6xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  %m = esper.buffer "1.running_mean" <uniform, -0.5, 0.5> : tensor<6xf32>
  %v = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<6xf32>
  %t = esper.flag false
  %y, %ym, %yv = esper.batch_norm %l running(%m, %v) training(%t) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>, i1) -> (tensor<?x6xf32>, tensor<6xf32>, tensor<6xf32>)
  esper.return %y : tensor<?x6xf32>
}

// The channels are dimension 1, the linear's outputs dimension 2.
// CHECK-LABEL: esper.kernel @other_channels(
// CHECK:         esper.batch_norm
esper.kernel @other_channels(%x: tensor<?x6x4xf32>) -> tensor<?x6x6xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %l = esper.linear %x, %w : (tensor<?x6x4xf32>, tensor<6x4xf32>) -> tensor<?x6x6xf32>
  %m = esper.buffer "1.running_mean" <uniform, -0.5, 0.5> : tensor<6xf32>
  %v = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<6xf32>
  %t = esper.flag false
  %y, %ym, %yv = esper.batch_norm %l running(%m, %v) training(%t) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x6x6xf32>, tensor<6xf32>, tensor<6xf32>, i1) -> (tensor<?x6x6xf32>, tensor<6xf32>, tensor<6xf32>)
  esper.return %y : tensor<?x6x6xf32>
}

// Statistics of the batch: the mode is not known, or there are no running ones; or the convolution is read twice.
// CHECK-LABEL: esper.kernel @kept(
// CHECK-COUNT-3: esper.batch_norm
esper.kernel @kept(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %m = esper.buffer "1.running_mean" <uniform, -0.5, 0.5> : tensor<4xf32>
  %v = esper.buffer "1.running_var" <uniform, 0.5, 1.5> : tensor<4xf32>
  %t = esper.training "1"
  %f = esper.flag false
  %a = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %y, %nm, %nv = esper.batch_norm %a running(%m, %v) training(%t) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, i1) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>)
  %b = esper.linear %y, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %z = esper.batch_norm %b training(%f) {momentum = 0.1 : f64, eps = 1.0e-5 : f64} : (tensor<?x4xf32>, i1) -> tensor<?x4xf32>
  %c = esper.linear %z, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %u, %um, %uv = esper.batch_norm %c running(%m, %v) training(%f) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, i1) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>)
  esper.return %y, %z, %c, %u : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}
