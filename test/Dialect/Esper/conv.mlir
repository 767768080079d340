// RUN: tez-opt %s | tez-opt | FileCheck %s

// The declared result types are those of the shape rule, or the verifier would refuse them.

// CHECK-LABEL: esper.kernel @conv1d(
esper.kernel @conv1d(%x: tensor<?x3x?xf32>, %w: tensor<8x3x5xf32>, %b: tensor<8xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}}, %{{.*}} {dilation = array<i64: 1>, padding = array<i64: 2>, stride = array<i64: 2>} : (tensor<?x3x?xf32>, tensor<8x3x5xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
  %y = esper.conv %x, %w, %b
      {dilation = array<i64: 1>, padding = array<i64: 2>, stride = array<i64: 2>}
      : (tensor<?x3x?xf32>, tensor<8x3x5xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv2d_strides(
esper.kernel @conv2d_strides(%x: tensor<?x3x32x31xf32>, %w: tensor<8x3x3x3xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, padding = array<i64: 1, 1>, stride = array<i64: 2, 1>} : (tensor<?x3x32x31xf32>, tensor<8x3x3x3xf32>) -> tensor<?x8x16x31xf32>
  %y = esper.conv %x, %w
      {dilation = array<i64: 1, 1>, padding = array<i64: 1, 1>, stride = array<i64: 2, 1>}
      : (tensor<?x3x32x31xf32>, tensor<8x3x3x3xf32>) -> tensor<?x8x16x31xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv3d(
esper.kernel @conv3d(%x: tensor<2x4x8x9x10xf32>, %w: tensor<6x2x1x2x3xf32>, %b: tensor<6xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1, 2>, groups = 2 : i64, padding = array<i64: 0, 0, 0>, stride = array<i64: 1, 1, 1>} : (tensor<2x4x8x9x10xf32>, tensor<6x2x1x2x3xf32>, tensor<6xf32>) -> tensor<2x6x8x8x6xf32>
  %y = esper.conv %x, %w, %b
      {dilation = array<i64: 1, 1, 2>, groups = 2 : i64, padding = array<i64: 0, 0, 0>, stride = array<i64: 1, 1, 1>}
      : (tensor<2x4x8x9x10xf32>, tensor<6x2x1x2x3xf32>, tensor<6xf32>) -> tensor<2x6x8x8x6xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_depthwise(
esper.kernel @conv_depthwise(%x: tensor<?x4x?x7xf32>, %w: tensor<4x1x3x7xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 4 : i64, padding = array<i64: 1, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x?x7xf32>, tensor<4x1x3x7xf32>) -> tensor<?x4x?x1xf32>
  %y = esper.conv %x, %w
      {dilation = array<i64: 1, 1>, groups = 4 : i64, padding = array<i64: 1, 0>, stride = array<i64: 1, 1>}
      : (tensor<?x4x?x7xf32>, tensor<4x1x3x7xf32>) -> tensor<?x4x?x1xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_any_channels(
esper.kernel @conv_any_channels(%x: tensor<?x?x9xf32>, %w: tensor<8x3x3xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}} {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>} : (tensor<?x?x9xf32>, tensor<8x3x3xf32>) -> tensor<?x8x7xf32>
  %y = esper.conv %x, %w
      {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<?x?x9xf32>, tensor<8x3x3xf32>) -> tensor<?x8x7xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_any_kernel(
esper.kernel @conv_any_kernel(%x: tensor<?x?x9xf32>, %w: tensor<?x?x?xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}} {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>} : (tensor<?x?x9xf32>, tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  %y = esper.conv %x, %w
      {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<?x?x9xf32>, tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_empty_batch(
esper.kernel @conv_empty_batch(%x: tensor<0x3x9xf32>, %w: tensor<8x3x9xf32>) {
  // CHECK: = esper.conv %{{.*}}, %{{.*}} {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 4>} : (tensor<0x3x9xf32>, tensor<8x3x9xf32>) -> tensor<0x8x1xf32>
  %y = esper.conv %x, %w
      {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 4>}
      : (tensor<0x3x9xf32>, tensor<8x3x9xf32>) -> tensor<0x8x1xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_transpose1d(
esper.kernel @conv_transpose1d(%x: tensor<?x8x16xf32>, %w: tensor<8x4x3xf32>, %b: tensor<4xf32>) {
  // CHECK: = esper.conv_transpose %{{.*}}, %{{.*}}, %{{.*}} {dilation = array<i64: 1>, output_padding = array<i64: 1>, padding = array<i64: 1>, stride = array<i64: 2>} : (tensor<?x8x16xf32>, tensor<8x4x3xf32>, tensor<4xf32>) -> tensor<?x4x32xf32>
  %y = esper.conv_transpose %x, %w, %b
      {dilation = array<i64: 1>, output_padding = array<i64: 1>, padding = array<i64: 1>, stride = array<i64: 2>}
      : (tensor<?x8x16xf32>, tensor<8x4x3xf32>, tensor<4xf32>) -> tensor<?x4x32xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_transpose2d(
esper.kernel @conv_transpose2d(%x: tensor<?x8x?x5xf32>, %w: tensor<8x2x3x3xf32>) {
  // CHECK: = esper.conv_transpose %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, output_padding = array<i64: 1, 0>, padding = array<i64: 1, 0>, stride = array<i64: 2, 2>} : (tensor<?x8x?x5xf32>, tensor<8x2x3x3xf32>) -> tensor<?x4x?x11xf32>
  %y = esper.conv_transpose %x, %w
      {dilation = array<i64: 1, 1>, groups = 2 : i64, output_padding = array<i64: 1, 0>, padding = array<i64: 1, 0>, stride = array<i64: 2, 2>}
      : (tensor<?x8x?x5xf32>, tensor<8x2x3x3xf32>) -> tensor<?x4x?x11xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @conv_transpose_dilated(
esper.kernel @conv_transpose_dilated(%x: tensor<1x8x4xf32>, %w: tensor<8x4x3xf32>) {
  // CHECK: = esper.conv_transpose %{{.*}}, %{{.*}} {dilation = array<i64: 2>, output_padding = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>} : (tensor<1x8x4xf32>, tensor<8x4x3xf32>) -> tensor<1x4x9xf32>
  %y = esper.conv_transpose %x, %w
      {dilation = array<i64: 2>, output_padding = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<1x8x4xf32>, tensor<8x4x3xf32>) -> tensor<1x4x9xf32>
  esper.return
}
