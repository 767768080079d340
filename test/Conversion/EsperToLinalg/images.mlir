// RUN: tez-opt --esper-to-linalg --split-input-file %s | FileCheck %s
// RUN: tez-opt --esper-to-linalg --split-input-file --remark-format=emitRemark --remarks-filter=native %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// A convolution reads an input of few channels as it is; who else reads it gets its channels last. The result is planar again.
// CHECK-LABEL: func.func @residual(
// CHECK-SAME:    %[[X:.*]]: memref<?x48xf32> {native.image = array<i64: 3, 4, 4>, native.input = "input0"}
// CHECK-SAME:    memref<3x3x3x3xf32> {native.state = "w"}, %{{.*}}: memref<3xf32> {native.state = "b"}, %{{.*}}: memref<?x48xf32> {native.image = array<i64: 3, 4, 4>, native.output})
// CHECK:         %[[XT:.*]] = bufferization.to_tensor %[[X]]
// CHECK:         %[[Y:.*]] = native.conv(%[[XT]] : tensor<?x48xf32>) times(%{{.*}} : tensor<3x3x3x3xf32>) with(%{{.*}} : tensor<3xf32>)
// CHECK:           arith.addf
// CHECK:           {dilation = array<i64: 1, 1>, image = array<i64: 4, 4, 3>, outputs = 3 : i64, padding = array<i64: 1, 1>, planar, stride = array<i64: 1, 1>, window = array<i64: 3, 3>}
// CHECK:         %[[LAST:.*]] = native.transpose(%[[XT]] : {{.*}} {matrix = array<i64: 3, 16>}
// CHECK:         %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[Y]], %[[LAST]] : tensor<?x48xf32>, tensor<?x48xf32>)
// CHECK:         native.transpose(%[[SUM]] : {{.*}} {matrix = array<i64: 16, 3>}
esper.kernel @residual(%x: tensor<?x3x4x4xf32>) -> tensor<?x3x4x4xf32> attributes {esper.images} {
  %w = esper.param "w" <constant, 1.0> : tensor<3x3x3x3xf32>
  %b = esper.param "b" <constant, 1.0> : tensor<3xf32>
  %i = esper.contiguous channels_last %x : tensor<?x3x4x4xf32>
  %y = esper.conv %i, %w, %b {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x3x4x4xf32>, tensor<3x3x3x3xf32>, tensor<3xf32>) -> tensor<?x3x4x4xf32>
  %s = esper.add %y, %i : (tensor<?x3x4x4xf32>, tensor<?x3x4x4xf32>) -> tensor<?x3x4x4xf32>
  esper.return %s : tensor<?x3x4x4xf32>
}

// -----

// Pools, and rows of an image behind them. Of 1 x 1 the channels are last and first.
// CHECK-LABEL: func.func @pools(
// CHECK:         native.pool({{.*}} {image = array<i64: 6, 6, 4>, padding = array<i64: 1, 1>, places = array<i64: 4, 4>, stride = array<i64: 2, 2>, window = array<i64: 2, 2>}
// CHECK:         native.pool({{.*}} {image = array<i64: 4, 4, 4>, inside, mean, padding = array<i64: 0, 0>, places = array<i64: 2, 2>, stride = array<i64: 2, 2>, window = array<i64: 2, 2>}
// CHECK:         native.pool({{.*}} {image = array<i64: 2, 2, 4>, mean, padding = array<i64: 0, 0>, places = array<i64: 1, 1>, stride = array<i64: 2, 2>, window = array<i64: 2, 2>}
// CHECK-NOT:     native.transpose
// CHECK:         linalg.generic {{.*}} ins(%{{.*}} : tensor<?x4xf32>, tensor<2x4xf32>)
esper.kernel @pools(%x: tensor<?x4x6x6xf32>) -> tensor<?x2xf32> attributes {esper.images} {
  %v = esper.param "v" <constant, 1.0> : tensor<2x4xf32>
  %0 = esper.max_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x4x6x6xf32>) -> tensor<?x4x4x4xf32>
  %1 = esper.avg_pool %0 {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, count_include_pad = false} : (tensor<?x4x4x4xf32>) -> tensor<?x4x2x2xf32>
  %2 = esper.adaptive_avg_pool %1 {output_size = array<i64: 1, 1>} : (tensor<?x4x2x2xf32>) -> tensor<?x4x1x1xf32>
  %3 = esper.flatten %2 {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x4x1x1xf32>) -> tensor<?x4xf32>
  %4 = esper.linear %3, %v : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  esper.return %4 : tensor<?x2xf32>
}

// -----

// Rows of an image are in torch's order.
// CHECK-LABEL: func.func @flatten(
// CHECK:         %[[Y:.*]] = native.conv
// CHECK:         native.transpose(%[[Y]] : {{.*}} {matrix = array<i64: 9, 2>}
esper.kernel @flatten(%x: tensor<?x1x3x3xf32>) -> tensor<?x18xf32> attributes {esper.images} {
  %w = esper.param "w" <constant, 1.0> : tensor<2x1x1x1xf32>
  %y = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x1x3x3xf32>, tensor<2x1x1x1xf32>) -> tensor<?x2x3x3xf32>
  %r = esper.flatten %y {start_dim = 1 : i64, end_dim = 3 : i64} : (tensor<?x2x3x3xf32>) -> tensor<?x18xf32>
  esper.return %r : tensor<?x18xf32>
}

// -----

// Windows that do not divide the image.
// REMARK: no lowering of esper.adaptive_avg_pool
// CHECK: esper.kernel @uneven
esper.kernel @uneven(%x: tensor<?x4x5x5xf32>) -> tensor<?x4x2x2xf32> attributes {esper.images} {
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 2, 2>} : (tensor<?x4x5x5xf32>) -> tensor<?x4x2x2xf32>
  esper.return %y : tensor<?x4x2x2xf32>
}

// -----

// A mean that does not count what lies beyond the padding.
// REMARK: no lowering of esper.avg_pool
// CHECK: esper.kernel @beyond
esper.kernel @beyond(%x: tensor<?x4x5x5xf32>) -> tensor<?x4x3x3xf32> attributes {esper.images} {
  %y = esper.avg_pool %x {kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>, padding = array<i64: 0, 0>, ceil_mode = true} : (tensor<?x4x5x5xf32>) -> tensor<?x4x3x3xf32>
  esper.return %y : tensor<?x4x3x3xf32>
}

// -----

// The last dimension of an image is its width, not its channels.
// REMARK: no lowering of esper.softmax
// CHECK: esper.kernel @softmax
esper.kernel @softmax(%x: tensor<?x4x5x5xf32>) -> tensor<?x4x5x5xf32> attributes {esper.images} {
  %y = esper.softmax %x {dim = -1 : i64} : (tensor<?x4x5x5xf32>) -> tensor<?x4x5x5xf32>
  esper.return %y : tensor<?x4x5x5xf32>
}

// -----

// A computed weight.
// REMARK: no lowering of esper.kernel
// CHECK: esper.kernel @computed
esper.kernel @computed(%x: tensor<?x4x5x5xf32>, %w: tensor<4x4x1x1xf32>) -> tensor<?x4x5x5xf32> attributes {esper.images} {
  %y = esper.conv %x, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>} : (tensor<?x4x5x5xf32>, tensor<4x4x1x1xf32>) -> tensor<?x4x5x5xf32>
  esper.return %y : tensor<?x4x5x5xf32>
}

// -----

// Channels lie beside each other in each of the 25 pixels; lines of an image do not.
// CHECK-LABEL: func.func @channels(
// CHECK:         native.columns(%[[X:.*]], %[[X]] : tensor<?x100xf32>, tensor<?x100xf32>) into %{{.*}} : tensor<?x200xf32> {begins = array<i64: 0, 0>, counts = array<i64: 4, 4>, groups = 25 : i64}
// CHECK:         native.columns({{.*}} : tensor<?x200xf32>) into %{{.*}} : tensor<?x75xf32> {begins = array<i64: 2>, counts = array<i64: 3>, groups = 25 : i64}
esper.kernel @channels(%x: tensor<?x4x5x5xf32>) -> tensor<?x3x5x5xf32> attributes {esper.images} {
  %0 = esper.concat %x, %x {dim = 1 : i64} : (tensor<?x4x5x5xf32>, tensor<?x4x5x5xf32>) -> tensor<?x8x5x5xf32>
  %1 = esper.slice %0 {dim = 1 : i64, start = 2 : i64, end = 5 : i64} : (tensor<?x8x5x5xf32>) -> tensor<?x3x5x5xf32>
  esper.return %1 : tensor<?x3x5x5xf32>
}

// -----

// REMARK: no lowering of esper.concat
// CHECK: esper.kernel @lines
esper.kernel @lines(%x: tensor<?x4x5x5xf32>) -> tensor<?x4x10x5xf32> attributes {esper.images} {
  %0 = esper.concat %x, %x {dim = 2 : i64} : (tensor<?x4x5x5xf32>, tensor<?x4x5x5xf32>) -> tensor<?x4x10x5xf32>
  esper.return %0 : tensor<?x4x10x5xf32>
}
