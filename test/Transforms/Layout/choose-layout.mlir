// RUN: tez-opt --esper-choose-layout %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-choose-layout),test-compare-with-reference{training=false})'

// Converted where images enter; the flattened mean is no image any more.
// CHECK-LABEL: esper.kernel @classifier(
// CHECK-DAG:     %[[W:.*]] = esper.param "0.weight" {{.*}} memory channels_last
// CHECK-DAG:     %[[X:.*]] = esper.contiguous channels_last %arg0
// CHECK:         esper.conv %[[X]], %[[W]]
// CHECK-NOT:     esper.contiguous
esper.kernel @classifier(%x: tensor<?x3x?x?xf32>) -> tensor<?x8xf32> {
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
// CHECK:         %[[S:.*]] = esper.add %{{.*}}, %[[X]]
// CHECK:         esper.conv %[[S]]
// CHECK:         %[[Y:.*]] = esper.contiguous contiguous
// CHECK:         esper.return %[[Y]]
esper.kernel @images(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> {
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
esper.kernel @single(%x: tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x?xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x?x?xf32>
  esper.return %c : tensor<?x4x?x?xf32>
}

// CHECK-LABEL: esper.kernel @sequence(
// CHECK-NOT:     esper.contiguous
esper.kernel @sequence(%x: tensor<?x4x?xf32>) -> tensor<?x4xf32> {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<4x4x1xf32>
  %c = esper.conv %x, %w {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<?x4x?xf32>, tensor<4x4x1xf32>) -> tensor<?x4x?xf32>
  %m = esper.reduce %c {kind = #esper<reduce_kind mean>, dims = array<i64: 2>, keepdim = false} : (tensor<?x4x?xf32>) -> tensor<?x4xf32>
  esper.return %m : tensor<?x4xf32>
}
