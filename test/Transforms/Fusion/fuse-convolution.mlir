// RUN: tez-opt --esper-fuse-convolution %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-fuse-convolution),test-compare-with-reference{training=false})'
// RUN: tez-opt --esper-fuse-convolution --esper-reuse-buffers %s | FileCheck %s --check-prefix=REUSE

// REUSE-LABEL: esper.kernel @relu(
// REUSE-NOT:     esper.in_place
// CHECK-LABEL: esper.kernel @relu(
// CHECK:         %[[C:.*]] = esper.conv
// CHECK:         esper.activation "relu" %[[C]] {esper.fused = "cudnn_convolution_relu"}
esper.kernel @relu(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x3x3xf32>
  %b = esper.param "bias" <uniform, -0.5, 0.5> : tensor<4xf32>
  %c = esper.conv %x, %w, %b {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x4x?x?xf32>, tensor<4x4x3x3xf32>, tensor<4xf32>) -> tensor<?x4x?x?xf32>
  %y = esper.activation "relu" %c : tensor<?x4x?x?xf32>
  esper.return %y : tensor<?x4x?x?xf32>
}

// Three dimensions, no bias.
// CHECK-LABEL: esper.kernel @volume(
// CHECK:         esper.activation "relu" %{{.*}} {esper.fused = "cudnn_convolution_relu"}
esper.kernel @volume(%x: tensor<?x4x5x5x5xf32>) -> tensor<?x4x3x3x3xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x3x3x3xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>} : (tensor<?x4x5x5x5xf32>, tensor<4x4x3x3x3xf32>) -> tensor<?x4x3x3x3xf32>
  %y = esper.activation "relu" %c : tensor<?x4x3x3x3xf32>
  esper.return %y : tensor<?x4x3x3x3xf32>
}

// The sum is turned round: the convolution comes first. What it makes is not overwritten either: there is no such call.
// REUSE-LABEL: esper.kernel @residual(
// REUSE-NOT:     esper.in_place
// CHECK-LABEL: esper.kernel @residual(
// CHECK:         %[[C:.*]] = esper.conv
// CHECK:         %[[S:.*]] = esper.add %[[C]], %arg0
// CHECK:         esper.activation "relu" %[[S]] {esper.fused = "cudnn_convolution_add_relu"}
esper.kernel @residual(%x: tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x3x3xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x3x3xf32>) -> tensor<?x4x4x4xf32>
  %s = esper.add %x, %c : (tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32>
  %y = esper.activation "relu" %s : tensor<?x4x4x4xf32>
  esper.return %y : tensor<?x4x4x4xf32>
}

// Behind the pool the relu would be a call of its own.
// REUSE-LABEL: esper.kernel @pooled(
// CHECK-LABEL: esper.kernel @pooled(
// CHECK:         %[[C:.*]] = esper.conv
// CHECK:         %[[R:.*]] = esper.activation "relu" %[[C]] {esper.fused = "cudnn_convolution_relu"}
// CHECK:         %[[P:.*]] = esper.max_pool %[[R]]
// CHECK:         esper.return %[[P]]
esper.kernel @pooled(%x: tensor<?x8x8x8xf16>) -> tensor<?x8x4x4xf16> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<8x8x1x1xf16>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x8x8x8xf16>, tensor<8x8x1x1xf16>) -> tensor<?x8x8x8xf16>
  %p = esper.max_pool %c {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x8x8x8xf16>) -> tensor<?x8x4x4xf16>
  %y = esper.activation "relu" %p : tensor<?x8x4x4xf16>
  esper.return %y : tensor<?x8x4x4xf16>
}

// Read elsewhere; the sum read elsewhere; another function; one that broadcasts, since two inputs may have different batches.
// REUSE-LABEL: esper.kernel @kept(
// CHECK-LABEL: esper.kernel @kept(
// CHECK-NOT:     esper.fused
esper.kernel @kept(%x: tensor<?x4x4x4xf32>, %z: tensor<?x4x4x4xf32>) -> (tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %s = esper.param "shift" <uniform, -0.5, 0.5> : tensor<4x1x1xf32>
  %a = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %ra = esper.activation "relu" %a : tensor<?x4x4x4xf32>
  %b = esper.conv %ra, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %sb = esper.add %b, %ra : (tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32>
  %rb = esper.activation "relu" %sb : tensor<?x4x4x4xf32>
  %c = esper.conv %rb, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %rc = esper.activation "relu6" %c : tensor<?x4x4x4xf32>
  %d = esper.conv %rc, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %sd = esper.add %d, %z : (tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32>
  %rd = esper.activation "relu" %sd : tensor<?x4x4x4xf32>
  %e = esper.conv %z, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %se = esper.add %e, %s : (tensor<?x4x4x4xf32>, tensor<4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %re = esper.activation "relu" %se : tensor<?x4x4x4xf32>
  esper.return %a, %sb, %rb, %rc, %rd, %re : tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>
}

// cuDNN has no such convolution, or would compute in fewer bits; a weight that calls give may change.
// CHECK-LABEL: esper.kernel @not_for_cudnn(
// CHECK-NOT:     esper.fused
esper.kernel @not_for_cudnn(%x: tensor<?x4x4xf32>, %z: tensor<?x4x4x4xf64>, %y: tensor<?x4x4x4xf32>, %u: tensor<4x4x1x1xf32>) -> (tensor<?x4x4xf32>, tensor<?x4x4x4xf64>, tensor<?x4x4x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x1xf32>
  %q = esper.param "q" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf64>
  %a = esper.conv %x, %w {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>} : (tensor<?x4x4xf32>, tensor<4x4x1xf32>) -> tensor<?x4x4xf32>
  %ra = esper.activation "relu" %a : tensor<?x4x4xf32>
  %b = esper.conv %z, %q {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf64>, tensor<4x4x1x1xf64>) -> tensor<?x4x4x4xf64>
  %rb = esper.activation "relu" %b : tensor<?x4x4x4xf64>
  %c = esper.conv %y, %u {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %rc = esper.activation "relu" %c : tensor<?x4x4x4xf32>
  esper.return %ra, %rb, %rc : tensor<?x4x4xf32>, tensor<?x4x4x4xf64>, tensor<?x4x4x4xf32>
}

// Nor may it have a kernel for groups, few channels, or volumes in 16 bits.
// CHECK-LABEL: esper.kernel @unsure(
// CHECK-NOT:     esper.fused
esper.kernel @unsure(%x: tensor<?x8x4x4xf32>, %z: tensor<?x4x4x4xbf16>, %v: tensor<?x8x2x4x4xbf16>) -> (tensor<?x8x4x4xf32>, tensor<?x3x4x4xf32>, tensor<?x8x4x4xbf16>, tensor<?x8x2x4x4xbf16>) attributes {esper.infer} {
  %wa = esper.param "a" <uniform, -0.5, 0.5> : tensor<8x4x1x1xf32>
  %wb = esper.param "b" <uniform, -0.5, 0.5> : tensor<3x8x1x1xf32>
  %wc = esper.param "c" <uniform, -0.5, 0.5> : tensor<8x4x1x1xbf16>
  %wd = esper.param "d" <uniform, -0.5, 0.5> : tensor<8x8x1x1x1xbf16>
  %a = esper.conv %x, %wa {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x8x4x4xf32>, tensor<8x4x1x1xf32>) -> tensor<?x8x4x4xf32>
  %ra = esper.activation "relu" %a : tensor<?x8x4x4xf32>
  %b = esper.conv %x, %wb {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x8x4x4xf32>, tensor<3x8x1x1xf32>) -> tensor<?x3x4x4xf32>
  %rb = esper.activation "relu" %b : tensor<?x3x4x4xf32>
  %c = esper.conv %z, %wc {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xbf16>, tensor<8x4x1x1xbf16>) -> tensor<?x8x4x4xbf16>
  %rc = esper.activation "relu" %c : tensor<?x8x4x4xbf16>
  %d = esper.conv %v, %wd {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>} : (tensor<?x8x2x4x4xbf16>, tensor<8x8x1x1x1xbf16>) -> tensor<?x8x2x4x4xbf16>
  %rd = esper.activation "relu" %d : tensor<?x8x2x4x4xbf16>
  esper.return %ra, %rb, %rc, %rd : tensor<?x8x4x4xf32>, tensor<?x3x4x4xf32>, tensor<?x8x4x4xbf16>, tensor<?x8x2x4x4xbf16>
}

// It may train.
// CHECK-LABEL: esper.kernel @trains(
// CHECK-NOT:     esper.fused
esper.kernel @trains(%x: tensor<?x4x4x4xf32>) -> tensor<?x4x4x4xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %a = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x4x4xf32>
  %y = esper.activation "relu" %a : tensor<?x4x4x4xf32>
  esper.return %y : tensor<?x4x4x4xf32>
}
