// RUN: tez-opt --esper-pin-sizes --split-input-file %s | FileCheck %s

// The blueprint's size, where the types leave it open; all that follows from it.
// CHECK-LABEL: esper.kernel @declared(
// CHECK-SAME:    %{{.*}}: tensor<?x3x8x6xf32> {{.*}}) -> tensor<?x4x8x6xf32> attributes {esper.images}
// CHECK:         esper.conv {{.*}} -> tensor<?x4x8x6xf32>
esper.kernel @declared(%x: tensor<?x3x?x?xf32> {esper.declared_shape = array<i64: -1, 3, 8, 6>}) -> tensor<?x4x?x?xf32> {
  %w = esper.param "w" <constant, 1.0> : tensor<4x3x3x3xf32>
  %y = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x3x?x?xf32>, tensor<4x3x3x3xf32>) -> tensor<?x4x?x?xf32>
  esper.return %y : tensor<?x4x?x?xf32>
}

// -----

// CHECK-LABEL: esper.kernel @typed(
// CHECK-SAME:    attributes {esper.images}
esper.kernel @typed(%x: tensor<?x3x8x8xf32>) -> tensor<?x3x4x4xf32> {
  %y = esper.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x3x8x8xf32>) -> tensor<?x3x4x4xf32>
  esper.return %y : tensor<?x3x4x4xf32>
}

// -----

// Nobody says a size.
// CHECK-LABEL: esper.kernel @open(
// CHECK-NOT:     esper.images
esper.kernel @open(%x: tensor<?x3x?x?xf32>) -> tensor<?x3x1x1xf32> {
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 1, 1>} : (tensor<?x3x?x?xf32>) -> tensor<?x3x1x1xf32>
  esper.return %y : tensor<?x3x1x1xf32>
}

// -----

// No image in it: its sizes stay open.
// CHECK-LABEL: esper.kernel @rows(
// CHECK-SAME:    tensor<?x?x4xf32>
// CHECK-NOT:     esper.images
esper.kernel @rows(%x: tensor<?x?x4xf32> {esper.declared_shape = array<i64: -1, 7, 4>}) -> tensor<?x?x4xf32> {
  %y = esper.activation "relu" %x : tensor<?x?x4xf32>
  esper.return %y : tensor<?x?x4xf32>
}

// -----

// A convolution over one dimension has none either.
// CHECK-LABEL: esper.kernel @line(
// CHECK-NOT:     esper.images
esper.kernel @line(%x: tensor<?x3x8xf32>) -> tensor<?x4x6xf32> {
  %w = esper.param "w" <constant, 1.0> : tensor<4x3x3xf32>
  %y = esper.conv %x, %w {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>} : (tensor<?x3x8xf32>, tensor<4x3x3xf32>) -> tensor<?x4x6xf32>
  esper.return %y : tensor<?x4x6xf32>
}
