// RUN: tez-opt --esper-choose-layout %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-choose-layout),test-compare-with-reference{training=false})'

// Converted where images enter; the mean is a matrix that may have kept the order.
// CHECK-LABEL: esper.kernel @classifier(
// CHECK:         %[[W:.*]] = esper.param "0.weight" {{.*}} memory channels_last
// CHECK:         %[[X:.*]] = esper.contiguous channels_last %arg0
// CHECK:         esper.conv %[[X]], %[[W]]
// CHECK:         %[[M:.*]] = esper.reduce
// CHECK-NEXT:    %[[Y:.*]] = esper.contiguous contiguous %[[M]]
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @classifier(%x: tensor<?x3x?x?xf32>) -> tensor<?x8xf32> attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<8x3x3x3xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<?x3x?x?xf32>, tensor<8x3x3x3xf32>) -> tensor<?x8x?x?xf32>
  %r = esper.activation "relu" %c : tensor<?x8x?x?xf32>
  %m = esper.reduce %r {kind = #esper<reduce_kind mean>, dims = array<i64: 2, 3>, keepdim = false} : (tensor<?x8x?x?xf32>) -> tensor<?x8xf32>
  esper.return %m : tensor<?x8xf32>
}

// Images leave: converted back. Two readers share one conversion.
// CHECK-LABEL: esper.kernel @images(
// CHECK:         %[[X:.*]] = esper.contiguous channels_last %arg0
// CHECK:         esper.conv %[[X]]
// CHECK:         esper.add %{{.*}}, %[[X]]
// CHECK:         esper.conv
// CHECK:         %[[Y:.*]] = esper.contiguous contiguous
// CHECK:         esper.return %[[Y]]
esper.kernel @images(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  %s = esper.add %c, %x : (tensor<?x4x?x?xf32>, tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32>
  %d = esper.conv %s, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  esper.return %d : tensor<?x4x?x?xf32>
}

// One convolution between two conversions gains nothing; rank 3 has no such order; nothing to do without convolutions.
// CHECK-LABEL: esper.kernel @single(
// CHECK-NOT:     esper.contiguous
esper.kernel @single(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  esper.return %c : tensor<?x4x?x?xf32>
}

// CHECK-LABEL: esper.kernel @sequence(
// CHECK-NOT:     esper.contiguous
esper.kernel @sequence(%x: tensor<?x4x?xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<?x4x?xf32>, tensor<4x4x1xf32>) -> tensor<?x4x?xf32>
  %m = esper.reduce %c {kind = #esper<reduce_kind mean>, dims = array<i64: 2>, keepdim = false} : (tensor<?x4x?xf32>) -> tensor<?x4xf32>
  esper.return %m : tensor<?x4xf32>
}

// Views of images leave, and so does a weight, which stays as it is.
// CHECK-LABEL: esper.kernel @views(
// CHECK:         esper.param "0.weight" {{.*}} memory channels_last
// CHECK:         esper.param "1.weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor
// CHECK:         %[[F:.*]] = esper.flatten
// CHECK:         esper.contiguous contiguous %[[F]]
esper.kernel @views(%x: tensor<?x4x?x?xf32>) -> (tensor<?x4x?xf32>, tensor<4x4x1x1xf32>) attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %v = esper.param "1.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  %d = esper.conv %c, %v {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  %f = esper.flatten %d {start_dim = 2 : i64, end_dim = 3 : i64} : (tensor<?x4x?x?xf32>) -> tensor<?x4x?xf32>
  esper.return %f, %v : tensor<?x4x?xf32>, tensor<4x4x1x1xf32>
}

// An 8-bit convolution gives channels-last images in any case: the result is converted back, whatever that costs.
// CHECK-LABEL: esper.kernel @quantized(
// CHECK:         %[[X:.*]] = esper.contiguous channels_last %arg0
// CHECK:         %[[Y:.*]] = esper.quantized_conv %[[X]]
// CHECK:         %[[R:.*]] = esper.contiguous contiguous %[[Y]]
// CHECK:         esper.return %[[R]]
esper.kernel @quantized(%x: tensor<?x64x8x8xf32>) -> tensor<?x64x8x8xf32> attributes {esper.infer} {
  %w = esper.buffer "w" <constant, 0.0> : tensor<64x1x1x1xi8>
  %s = esper.buffer "s" <constant, 1.0> : tensor<64xf32>
  %0 = esper.quantized_conv %x, %w, %s {groups = 64 : i64, stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>, input_scale = 1.0 : f64, input_zero = 5 : i64, output_scale = 0.5 : f64, output_zero = 0 : i64} : (tensor<?x64x8x8xf32>, tensor<64x1x1x1xi8>, tensor<64xf32>) -> tensor<?x64x8x8xf32>
  esper.return %0 : tensor<?x64x8x8xf32>
}

// Differentiated, perhaps: left alone.
// CHECK-LABEL: esper.kernel @trained(
// CHECK-NOT:     channels_last
esper.kernel @trained(%x: tensor<?x3x?x?xf32>) -> tensor<?x8xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<8x3x3x3xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<?x3x?x?xf32>, tensor<8x3x3x3xf32>) -> tensor<?x8x?x?xf32>
  %m = esper.reduce %c {kind = #esper<reduce_kind mean>, dims = array<i64: 2, 3>, keepdim = false} : (tensor<?x8x?x?xf32>) -> tensor<?x8xf32>
  esper.return %m : tensor<?x8xf32>
}

// torch's group norm loses digits of channels-last images.
// CHECK-LABEL: esper.kernel @group_norm(
// CHECK:         %[[C:.*]] = esper.conv
// CHECK:         %[[R:.*]] = esper.contiguous contiguous %[[C]]
// CHECK:         esper.group_norm %[[R]]
// CHECK:         esper.contiguous channels_last
esper.kernel @group_norm(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> attributes {esper.infer} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<32x4x1x1xf32>
  %v = esper.param "1.weight" <uniform, -0.5, 0.5> : tensor<64x32x1x1xf32>
  %u = esper.param "2.weight" <uniform, -0.5, 0.5> : tensor<4x64x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<32x4x1x1xf32>) -> tensor<?x32x?x?xf32>
  %n = esper.group_norm %c {num_groups = 2 : i64, eps = 1.0e-5 : f64} : (tensor<?x32x?x?xf32>) -> tensor<?x32x?x?xf32>
  %d = esper.conv %n, %v {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x32x?x?xf32>, tensor<64x32x1x1xf32>) -> tensor<?x64x?x?xf32>
  %e = esper.conv %d, %u {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x64x?x?xf32>, tensor<4x64x1x1xf32>) -> tensor<?x4x?x?xf32>
  esper.return %e : tensor<?x4x?x?xf32>
}
