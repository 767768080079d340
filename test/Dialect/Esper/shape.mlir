// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @reshape(
esper.kernel @reshape(%x: tensor<?x8xf32>, %s: tensor<2x6xf32>, %e: tensor<0x3xf32>) -> (tensor<?x4x2xf32>, tensor<3x4xf32>, tensor<0x5xf32>, tensor<4x2xf32>) {
  // CHECK: esper.reshape %{{.*}} {shape = array<i64: -1, 4, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
  %0 = esper.reshape %x {shape = array<i64: -1, 4, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
  // CHECK: -> tensor<3x4xf32>
  %1 = esper.reshape %s {shape = array<i64: 3, -1>} : (tensor<2x6xf32>) -> tensor<3x4xf32>
  %2 = esper.reshape %e {shape = array<i64: 0, 5>} : (tensor<0x3xf32>) -> tensor<0x5xf32>
  // The caller promises a batch of one.
  %3 = esper.reshape %x {shape = array<i64: 4, 2>} : (tensor<?x8xf32>) -> tensor<4x2xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4x2xf32>, tensor<3x4xf32>, tensor<0x5xf32>, tensor<4x2xf32>
}

// CHECK-LABEL: esper.kernel @flatten(
esper.kernel @flatten(%x: tensor<?x4x2xf32>, %s: tensor<f32>, %d: tensor<2x?x3xf32>) -> (tensor<?x8xf32>, tensor<1xf32>, tensor<?x3xf32>) {
  // CHECK: esper.flatten %{{.*}} {end_dim = -1 : i64, start_dim = 1 : i64} : (tensor<?x4x2xf32>) -> tensor<?x8xf32>
  %0 = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x4x2xf32>) -> tensor<?x8xf32>
  // CHECK: (tensor<f32>) -> tensor<1xf32>
  %1 = esper.flatten %s {start_dim = 0 : i64, end_dim = -1 : i64} : (tensor<f32>) -> tensor<1xf32>
  %2 = esper.flatten %d {start_dim = 0 : i64, end_dim = 1 : i64} : (tensor<2x?x3xf32>) -> tensor<?x3xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<1xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: esper.kernel @unflatten(
esper.kernel @unflatten(%x: tensor<?x8xf32>) -> (tensor<?x4x2xf32>, tensor<2x?x8xf32>) {
  // CHECK: esper.unflatten %{{.*}} {dim = -1 : i64, sizes = array<i64: -1, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
  %0 = esper.unflatten %x {dim = -1 : i64, sizes = array<i64: -1, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
  %1 = esper.unflatten %x {dim = 0 : i64, sizes = array<i64: 2, -1>} : (tensor<?x8xf32>) -> tensor<2x?x8xf32>
  esper.return %0, %1 : tensor<?x4x2xf32>, tensor<2x?x8xf32>
}

// CHECK-LABEL: esper.kernel @transpose(
esper.kernel @transpose(%x: tensor<?x4x2xf32>) -> tensor<2x4x?xf32> {
  // CHECK: esper.transpose %{{.*}} {dim0 = 0 : i64, dim1 = -1 : i64} : (tensor<?x4x2xf32>) -> tensor<2x4x?xf32>
  %0 = esper.transpose %x {dim0 = 0 : i64, dim1 = -1 : i64} : (tensor<?x4x2xf32>) -> tensor<2x4x?xf32>
  esper.return %0 : tensor<2x4x?xf32>
}

// CHECK-LABEL: esper.kernel @permute(
esper.kernel @permute(%x: tensor<?x4x2xf32>) -> tensor<4x2x?xf32> {
  // CHECK: esper.permute %{{.*}} {dims = array<i64: 1, -1, 0>} : (tensor<?x4x2xf32>) -> tensor<4x2x?xf32>
  %0 = esper.permute %x {dims = array<i64: 1, -1, 0>} : (tensor<?x4x2xf32>) -> tensor<4x2x?xf32>
  esper.return %0 : tensor<4x2x?xf32>
}

// CHECK-LABEL: esper.kernel @concat(
esper.kernel @concat(%a: tensor<?x3xf32>, %b: tensor<2x5xf32>, %c: tensor<?x?xf32>) -> (tensor<2x8xf32>, tensor<2x?xf32>, tensor<?x3xf32>) {
  // A known dimension outside of `dim` wins over an unknown one.
  // CHECK: esper.concat %{{.*}}, %{{.*}} {dim = -1 : i64} : (tensor<?x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
  %0 = esper.concat %a, %b {dim = -1 : i64} : (tensor<?x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
  %1 = esper.concat %b, %c {dim = 1 : i64} : (tensor<2x5xf32>, tensor<?x?xf32>) -> tensor<2x?xf32>
  %2 = esper.concat %a, %a {dim = 0 : i64} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %0, %1, %2 : tensor<2x8xf32>, tensor<2x?xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: esper.kernel @split(
esper.kernel @split(%x: tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>, tensor<2x8xf32>) {
  // CHECK: esper.split %{{.*}} {dim = -1 : i64, sizes = array<i64: 3, 5>} : (tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>)
  %0, %1 = esper.split %x {sizes = array<i64: 3, 5>, dim = -1 : i64} : (tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>)
  %2, %3 = esper.split %x {sizes = array<i64: 2, 0>, dim = 0 : i64} : (tensor<?x8xf32>) -> (tensor<2x8xf32>, tensor<0x8xf32>)
  esper.return %0, %1, %2 : tensor<?x3xf32>, tensor<?x5xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: esper.kernel @slice(
esper.kernel @slice(%x: tensor<?x8xf32>) -> (tensor<?x5xf32>, tensor<?x4xf32>, tensor<?x0xf32>, tensor<?x8xf32>) {
  // CHECK: esper.slice %{{.*}} {dim = -1 : i64, end = -1 : i64, start = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x5xf32>
  %0 = esper.slice %x {dim = -1 : i64, start = 2 : i64, end = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x5xf32>
  // CHECK: step = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  %1 = esper.slice %x {dim = 1 : i64, start = -100 : i64, end = 100 : i64, step = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  %2 = esper.slice %x {dim = 1 : i64, start = 5 : i64, end = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x0xf32>
  %3 = esper.slice %x {dim = 0 : i64, start = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1, %2, %3 : tensor<?x5xf32>, tensor<?x4xf32>, tensor<?x0xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @index(
esper.kernel @index(%x: tensor<?x?x8xf32>) -> (tensor<?x8xf32>, tensor<?x?xf32>) {
  // CHECK: esper.index %{{.*}} {dim = 1 : i64, index = -1 : i64} : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  %0 = esper.index %x {dim = 1 : i64, index = -1 : i64} : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.index %x {dim = -1 : i64, index = 7 : i64} : (tensor<?x?x8xf32>) -> tensor<?x?xf32>
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?x?xf32>
}

// A size is the smaller of two that are known, else open.
// CHECK-LABEL: esper.kernel @slice_like(
esper.kernel @slice_like(%x: tensor<16x8xf32>, %y: tensor<?x?x4xf32>) -> (tensor<?x8xf32>, tensor<16x4xf32>, tensor<4x8xf32>) {
  // CHECK: esper.slice_like %{{.*}}, %{{.*}} {dim = 0 : i64, like_dim = 1 : i64} : (tensor<16x8xf32>, tensor<?x?x4xf32>) -> tensor<?x8xf32>
  %0 = esper.slice_like %x, %y {dim = 0 : i64, like_dim = 1 : i64} : (tensor<16x8xf32>, tensor<?x?x4xf32>) -> tensor<?x8xf32>
  %1 = esper.slice_like %x, %y {dim = -1 : i64, like_dim = -1 : i64} : (tensor<16x8xf32>, tensor<?x?x4xf32>) -> tensor<16x4xf32>
  %2 = esper.slice_like %x, %y {dim = 0 : i64, like_dim = 2 : i64} : (tensor<16x8xf32>, tensor<?x?x4xf32>) -> tensor<4x8xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<16x4xf32>, tensor<4x8xf32>
}

// CHECK-LABEL: esper.kernel @pad(
esper.kernel @pad(%x: tensor<?x3x8xf32>, %d: tensor<2x3x?xf32>) -> (tensor<?x3x11xf32>, tensor<?x4x6xf32>, tensor<2x3x?xf32>, tensor<?x3x0xf32>) {
  // CHECK: esper.pad %{{.*}} {mode = #esper<pad_mode reflect>, pads = array<i64: 1, 2>} : (tensor<?x3x8xf32>) -> tensor<?x3x11xf32>
  %0 = esper.pad %x {pads = array<i64: 1, 2>, mode = #esper<pad_mode reflect>} : (tensor<?x3x8xf32>) -> tensor<?x3x11xf32>
  // CHECK: value = 5.000000e-01 : f64
  %1 = esper.pad %x {pads = array<i64: -1, -1, 0, 1>, mode = #esper<pad_mode constant>, value = 0.5 : f64} : (tensor<?x3x8xf32>) -> tensor<?x4x6xf32>
  %2 = esper.pad %d {pads = array<i64: 9, 9>, mode = #esper<pad_mode circular>} : (tensor<2x3x?xf32>) -> tensor<2x3x?xf32>
  %3 = esper.pad %x {pads = array<i64: -4, -4>, mode = #esper<pad_mode constant>} : (tensor<?x3x8xf32>) -> tensor<?x3x0xf32>
  esper.return %0, %1, %2, %3 : tensor<?x3x11xf32>, tensor<?x4x6xf32>, tensor<2x3x?xf32>, tensor<?x3x0xf32>
}

// CHECK-LABEL: esper.kernel @expand_as(
esper.kernel @expand_as(%b: tensor<1x8xf32>, %x: tensor<?x?x?xf32>) -> tensor<?x?x8xf32> {
  // CHECK: esper.expand_as %{{.*}}, %{{.*}} : (tensor<1x8xf32>, tensor<?x?x?xf32>) -> tensor<?x?x8xf32>
  %0 = esper.expand_as %b, %x : (tensor<1x8xf32>, tensor<?x?x?xf32>) -> tensor<?x?x8xf32>
  esper.return %0 : tensor<?x?x8xf32>
}

// CHECK-LABEL: esper.kernel @unsqueeze_squeeze(
esper.kernel @unsqueeze_squeeze(%x: tensor<?x8xf32>, %s: tensor<f32>) -> (tensor<?x8xf32>, tensor<1xf32>, tensor<?x8xf32>) {
  // CHECK: esper.unsqueeze %{{.*}} {dim = -2 : i64} : (tensor<?x8xf32>) -> tensor<?x1x8xf32>
  %0 = esper.unsqueeze %x {dim = -2 : i64} : (tensor<?x8xf32>) -> tensor<?x1x8xf32>
  // CHECK: esper.squeeze %{{.*}} {dim = 1 : i64} : (tensor<?x1x8xf32>) -> tensor<?x8xf32>
  %1 = esper.squeeze %0 {dim = 1 : i64} : (tensor<?x1x8xf32>) -> tensor<?x8xf32>
  %2 = esper.unsqueeze %s {dim = 0 : i64} : (tensor<f32>) -> tensor<1xf32>
  // Another size than 1 stays.
  %3 = esper.squeeze %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %1, %2, %3 : tensor<?x8xf32>, tensor<1xf32>, tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @shuffles(
esper.kernel @shuffles(%x: tensor<?x8x4x?xf32>) -> (tensor<?x2x8x?xf32>, tensor<?x32x2x?xf32>, tensor<?x8x4x?xf32>) {
  // CHECK: esper.pixel_shuffle %{{.*}} {factor = 2 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x2x8x?xf32>
  %0 = esper.pixel_shuffle %x {factor = 2 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x2x8x?xf32>
  // CHECK: esper.pixel_unshuffle %{{.*}} {factor = 2 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x32x2x?xf32>
  %1 = esper.pixel_unshuffle %x {factor = 2 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x32x2x?xf32>
  // CHECK: esper.channel_shuffle %{{.*}} {groups = 4 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x8x4x?xf32>
  %2 = esper.channel_shuffle %x {groups = 4 : i64} : (tensor<?x8x4x?xf32>) -> tensor<?x8x4x?xf32>
  esper.return %0, %1, %2 : tensor<?x2x8x?xf32>, tensor<?x32x2x?xf32>, tensor<?x8x4x?xf32>
}

// CHECK-LABEL: esper.kernel @upsample(
esper.kernel @upsample(%x: tensor<?x3x5x?xf32>, %l: tensor<?x3x5xf32>) -> (tensor<?x3x7x?xf32>, tensor<?x3x9x4xf32>, tensor<?x3x10xf32>) {
  // 5 * 1.5 is rounded down.
  // CHECK: esper.upsample %{{.*}} {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 1.500000e+00, 2.000000e+00>} : (tensor<?x3x5x?xf32>) -> tensor<?x3x7x?xf32>
  %0 = esper.upsample %x {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 1.5, 2.0>} : (tensor<?x3x5x?xf32>) -> tensor<?x3x7x?xf32>
  // CHECK: align_corners = true, mode = #esper<upsample_mode bicubic>, output_size = array<i64: 9, 4>
  %1 = esper.upsample %x {mode = #esper<upsample_mode bicubic>, output_size = array<i64: 9, 4>, align_corners = true} : (tensor<?x3x5x?xf32>) -> tensor<?x3x9x4xf32>
  %2 = esper.upsample %l {mode = #esper<upsample_mode linear>, scale_factor = array<f64: 2.0>} : (tensor<?x3x5xf32>) -> tensor<?x3x10xf32>
  esper.return %0, %1, %2 : tensor<?x3x7x?xf32>, tensor<?x3x9x4xf32>, tensor<?x3x10xf32>
}
