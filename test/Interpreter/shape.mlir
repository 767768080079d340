// REQUIRES: torch
// RUN: tez-opt %s %against_torch

esper.kernel @reshape(%x: tensor<?x4x6xf32>, %s: tensor<f32>)
    -> (tensor<?x8x3xf32>, tensor<?xf32>, tensor<1x1xf32>) {
  %0 = esper.reshape %x {shape = array<i64: -1, 8, 3>} : (tensor<?x4x6xf32>) -> tensor<?x8x3xf32>
  %1 = esper.reshape %x {shape = array<i64: -1>} : (tensor<?x4x6xf32>) -> tensor<?xf32>
  %2 = esper.reshape %s {shape = array<i64: 1, 1>} : (tensor<f32>) -> tensor<1x1xf32>
  esper.return %0, %1, %2 : tensor<?x8x3xf32>, tensor<?xf32>, tensor<1x1xf32>
}

esper.kernel @flatten(%x: tensor<?x4x6xf32>, %s: tensor<f32>)
    -> (tensor<?x24xf32>, tensor<?x6xf32>, tensor<?xf32>, tensor<1xf32>) {
  %0 = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x24xf32>
  %1 = esper.flatten %x {start_dim = 0 : i64, end_dim = 1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x6xf32>
  %2 = esper.flatten %x {start_dim = 0 : i64, end_dim = -1 : i64} : (tensor<?x4x6xf32>) -> tensor<?xf32>
  %3 = esper.flatten %s {start_dim = 0 : i64, end_dim = -1 : i64} : (tensor<f32>) -> tensor<1xf32>
  esper.return %0, %1, %2, %3 : tensor<?x24xf32>, tensor<?x6xf32>, tensor<?xf32>, tensor<1xf32>
}

esper.kernel @unflatten(%x: tensor<?x4x6xf32>)
    -> (tensor<?x4x2x3xf32>, tensor<?x2x2x1x6xf32>) {
  %0 = esper.unflatten %x {dim = -1 : i64, sizes = array<i64: 2, 3>} : (tensor<?x4x6xf32>) -> tensor<?x4x2x3xf32>
  %1 = esper.unflatten %x {dim = 1 : i64, sizes = array<i64: -1, 2, 1>} : (tensor<?x4x6xf32>) -> tensor<?x2x2x1x6xf32>
  esper.return %0, %1 : tensor<?x4x2x3xf32>, tensor<?x2x2x1x6xf32>
}

esper.kernel @transpose(%x: tensor<?x4x6xf32>)
    -> (tensor<?x6x4xf32>, tensor<6x4x?xf32>, tensor<?x4x6xf32>) {
  %0 = esper.transpose %x {dim0 = -2 : i64, dim1 = -1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x6x4xf32>
  %1 = esper.transpose %x {dim0 = 0 : i64, dim1 = 2 : i64} : (tensor<?x4x6xf32>) -> tensor<6x4x?xf32>
  %2 = esper.transpose %x {dim0 = 1 : i64, dim1 = 1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  esper.return %0, %1, %2 : tensor<?x6x4xf32>, tensor<6x4x?xf32>, tensor<?x4x6xf32>
}

esper.kernel @permute(%x: tensor<?x4x6xf32>)
    -> (tensor<6x?x4xf32>, tensor<6x4x?xf32>) {
  %0 = esper.permute %x {dims = array<i64: 2, 0, 1>} : (tensor<?x4x6xf32>) -> tensor<6x?x4xf32>
  %1 = esper.permute %x {dims = array<i64: -1, -2, -3>} : (tensor<?x4x6xf32>) -> tensor<6x4x?xf32>
  esper.return %0, %1 : tensor<6x?x4xf32>, tensor<6x4x?xf32>
}

// One input, and one input twice.
esper.kernel @concat(%x: tensor<?x4x6xf32>, %y: tensor<?x1x6xf32>)
    -> (tensor<?x5x6xf32>, tensor<?x4x12xf32>, tensor<?x1x6xf32>, tensor<?x4x6xf32>) {
  %0 = esper.concat %x, %y {dim = 1 : i64} : (tensor<?x4x6xf32>, tensor<?x1x6xf32>) -> tensor<?x5x6xf32>
  %1 = esper.concat %x, %x {dim = -1 : i64} : (tensor<?x4x6xf32>, tensor<?x4x6xf32>) -> tensor<?x4x12xf32>
  %2 = esper.concat %y {dim = 0 : i64} : (tensor<?x1x6xf32>) -> tensor<?x1x6xf32>
  %3 = esper.concat %x, %x {dim = 0 : i64} : (tensor<?x4x6xf32>, tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  esper.return %0, %1, %2, %3 : tensor<?x5x6xf32>, tensor<?x4x12xf32>, tensor<?x1x6xf32>, tensor<?x4x6xf32>
}

esper.kernel @split(%x: tensor<?x4x6xf32>)
    -> (tensor<?x4x1xf32>, tensor<?x4x5xf32>, tensor<?x2x6xf32>, tensor<?x0x6xf32>, tensor<?x2x6xf32>) {
  %0, %1 = esper.split %x {sizes = array<i64: 1, 5>, dim = -1 : i64} : (tensor<?x4x6xf32>) -> (tensor<?x4x1xf32>, tensor<?x4x5xf32>)
  %2, %3, %4 = esper.split %x {sizes = array<i64: 2, 0, 2>, dim = 1 : i64} : (tensor<?x4x6xf32>) -> (tensor<?x2x6xf32>, tensor<?x0x6xf32>, tensor<?x2x6xf32>)
  esper.return %0, %1, %2, %3, %4 : tensor<?x4x1xf32>, tensor<?x4x5xf32>, tensor<?x2x6xf32>, tensor<?x0x6xf32>, tensor<?x2x6xf32>
}

// Bounds from the end, beyond the end, steps, nothing left.
esper.kernel @slice(%x: tensor<?x4x6xf32>)
    -> (tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x2x6xf32>, tensor<?x4x0xf32>, tensor<?x4x6xf32>) {
  %0 = esper.slice %x {dim = -1 : i64, start = 2 : i64, end = -1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x3xf32>
  %1 = esper.slice %x {dim = -1 : i64, start = 0 : i64, step = 2 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x3xf32>
  %2 = esper.slice %x {dim = 1 : i64, start = -3 : i64, end = 100 : i64, step = 2 : i64} : (tensor<?x4x6xf32>) -> tensor<?x2x6xf32>
  %3 = esper.slice %x {dim = -1 : i64, start = 5 : i64, end = 2 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x0xf32>
  %4 = esper.slice %x {dim = 0 : i64, start = 1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x4x3xf32>, tensor<?x4x3xf32>, tensor<?x2x6xf32>, tensor<?x4x0xf32>, tensor<?x4x6xf32>
}

esper.kernel @index(%x: tensor<?x?x6xf32>) -> (tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x?xf32>) {
  %0 = esper.index %x {dim = 1 : i64, index = -1 : i64} : (tensor<?x?x6xf32>) -> tensor<?x6xf32>
  %1 = esper.index %x {dim = -2 : i64, index = 0 : i64} : (tensor<?x?x6xf32>) -> tensor<?x6xf32>
  %2 = esper.index %x {dim = -1 : i64, index = 3 : i64} : (tensor<?x?x6xf32>) -> tensor<?x?xf32>
  esper.return %0, %1, %2 : tensor<?x6xf32>, tensor<?x6xf32>, tensor<?x?xf32>
}

// Up to a size that the call tells, and all where there are fewer.
esper.kernel @slice_like(%x: tensor<?x4x6xf32>, %y: tensor<?x?x3xf32>) -> (tensor<?x4x3xf32>, tensor<?x?x6xf32>, tensor<?x?x3xf32>) {
  %0 = esper.slice_like %x, %y {dim = -1 : i64, like_dim = -1 : i64} : (tensor<?x4x6xf32>, tensor<?x?x3xf32>) -> tensor<?x4x3xf32>
  %1 = esper.slice_like %x, %y {dim = 1 : i64, like_dim = 1 : i64} : (tensor<?x4x6xf32>, tensor<?x?x3xf32>) -> tensor<?x?x6xf32>
  %2 = esper.slice_like %y, %x {dim = 0 : i64, like_dim = 2 : i64} : (tensor<?x?x3xf32>, tensor<?x4x6xf32>) -> tensor<?x?x3xf32>
  esper.return %0, %1, %2 : tensor<?x4x3xf32>, tensor<?x?x6xf32>, tensor<?x?x3xf32>
}

// Negative pads cut off; every mode over one, two and three dimensions.
esper.kernel @pad(%x: tensor<?x4x6xf32>, %i: tensor<?x2x3x4xf32>, %v: tensor<?x2x3x2x4xf32>)
    -> (tensor<?x4x9xf32>, tensor<?x5x7xf32>, tensor<?x5x6xf32>, tensor<?x4x11xf32>, tensor<?x2x5x7xf32>, tensor<?x2x4x4x5xf32>, tensor<?x4x11xf32>, tensor<?x2x5x7xf32>, tensor<?x2x4x4x5xf32>, tensor<?x4x11xf32>, tensor<?x2x5x7xf32>, tensor<?x2x4x4x5xf32>, tensor<?x4x7xf32>) {
  %0 = esper.pad %x {pads = array<i64: 1, 2>, mode = #esper<pad_mode constant>} : (tensor<?x4x6xf32>) -> tensor<?x4x9xf32>
  %1 = esper.pad %x {pads = array<i64: -1, 2, 3, -2>, mode = #esper<pad_mode constant>, value = -1.5 : f64} : (tensor<?x4x6xf32>) -> tensor<?x5x7xf32>
  %2 = esper.pad %x {pads = array<i64: 0, 0, 1, 0, 0, 2>, mode = #esper<pad_mode constant>, value = 2.0 : f64} : (tensor<?x4x6xf32>) -> tensor<?x5x6xf32>
  %3 = esper.pad %x {pads = array<i64: 2, 3>, mode = #esper<pad_mode reflect>} : (tensor<?x4x6xf32>) -> tensor<?x4x11xf32>
  %4 = esper.pad %i {pads = array<i64: 1, 2, 2, 0>, mode = #esper<pad_mode reflect>} : (tensor<?x2x3x4xf32>) -> tensor<?x2x5x7xf32>
  %5 = esper.pad %v {pads = array<i64: 1, 0, 1, 1, 0, 1>, mode = #esper<pad_mode reflect>} : (tensor<?x2x3x2x4xf32>) -> tensor<?x2x4x4x5xf32>
  %6 = esper.pad %x {pads = array<i64: 2, 3>, mode = #esper<pad_mode replicate>} : (tensor<?x4x6xf32>) -> tensor<?x4x11xf32>
  %7 = esper.pad %i {pads = array<i64: 1, 2, 2, 0>, mode = #esper<pad_mode replicate>} : (tensor<?x2x3x4xf32>) -> tensor<?x2x5x7xf32>
  %8 = esper.pad %v {pads = array<i64: 1, 0, 1, 1, 0, 1>, mode = #esper<pad_mode replicate>} : (tensor<?x2x3x2x4xf32>) -> tensor<?x2x4x4x5xf32>
  %9 = esper.pad %x {pads = array<i64: 2, 3>, mode = #esper<pad_mode circular>} : (tensor<?x4x6xf32>) -> tensor<?x4x11xf32>
  %10 = esper.pad %i {pads = array<i64: 1, 2, 2, 0>, mode = #esper<pad_mode circular>} : (tensor<?x2x3x4xf32>) -> tensor<?x2x5x7xf32>
  %11 = esper.pad %v {pads = array<i64: 1, 0, 1, 1, 0, 1>, mode = #esper<pad_mode circular>} : (tensor<?x2x3x2x4xf32>) -> tensor<?x2x4x4x5xf32>
  %12 = esper.pad %x {pads = array<i64: -1, 2>, mode = #esper<pad_mode replicate>} : (tensor<?x4x6xf32>) -> tensor<?x4x7xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12 : tensor<?x4x9xf32>, tensor<?x5x7xf32>, tensor<?x5x6xf32>, tensor<?x4x11xf32>, tensor<?x2x5x7xf32>, tensor<?x2x4x4x5xf32>, tensor<?x4x11xf32>, tensor<?x2x5x7xf32>, tensor<?x2x4x4x5xf32>, tensor<?x4x11xf32>, tensor<?x2x5x7xf32>, tensor<?x2x4x4x5xf32>, tensor<?x4x7xf32>
}

esper.kernel @expand_as(%x: tensor<?x4x6xf32>, %v: tensor<6xf32>, %c: tensor<4x1xf32>, %s: tensor<f32>)
    -> (tensor<?x4x6xf32>, tensor<?x4x6xf32>, tensor<?x4x6xf32>, tensor<?x4x6xf32>) {
  %0 = esper.expand_as %v, %x : (tensor<6xf32>, tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  %1 = esper.expand_as %c, %x : (tensor<4x1xf32>, tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  %2 = esper.expand_as %s, %x : (tensor<f32>, tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  %3 = esper.expand_as %x, %x : (tensor<?x4x6xf32>, tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4x6xf32>, tensor<?x4x6xf32>, tensor<?x4x6xf32>, tensor<?x4x6xf32>
}

esper.kernel @unsqueeze(%x: tensor<?x4x6xf32>, %s: tensor<f32>)
    -> (tensor<?x4x6x1xf32>, tensor<1x?x4x6xf32>, tensor<?x1x4x6xf32>, tensor<1xf32>) {
  %0 = esper.unsqueeze %x {dim = -1 : i64} : (tensor<?x4x6xf32>) -> tensor<?x4x6x1xf32>
  %1 = esper.unsqueeze %x {dim = 0 : i64} : (tensor<?x4x6xf32>) -> tensor<1x?x4x6xf32>
  %2 = esper.unsqueeze %x {dim = -3 : i64} : (tensor<?x4x6xf32>) -> tensor<?x1x4x6xf32>
  %3 = esper.unsqueeze %s {dim = 0 : i64} : (tensor<f32>) -> tensor<1xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4x6x1xf32>, tensor<1x?x4x6xf32>, tensor<?x1x4x6xf32>, tensor<1xf32>
}

esper.kernel @squeeze(%y: tensor<?x1x6x1xf32>)
    -> (tensor<?x6x1xf32>, tensor<?x1x6xf32>, tensor<?x1x6x1xf32>) {
  %0 = esper.squeeze %y {dim = 1 : i64} : (tensor<?x1x6x1xf32>) -> tensor<?x6x1xf32>
  %1 = esper.squeeze %y {dim = -1 : i64} : (tensor<?x1x6x1xf32>) -> tensor<?x1x6xf32>
  %2 = esper.squeeze %y {dim = 2 : i64} : (tensor<?x1x6x1xf32>) -> tensor<?x1x6x1xf32>
  esper.return %0, %1, %2 : tensor<?x6x1xf32>, tensor<?x1x6xf32>, tensor<?x1x6x1xf32>
}

esper.kernel @pixel_shuffle(%x: tensor<?x8x2x3xf32>, %n: tensor<9x2x?xf32>)
    -> (tensor<?x2x4x6xf32>, tensor<1x6x?xf32>, tensor<?x8x2x3xf32>) {
  %0 = esper.pixel_shuffle %x {factor = 2 : i64} : (tensor<?x8x2x3xf32>) -> tensor<?x2x4x6xf32>
  %1 = esper.pixel_shuffle %n {factor = 3 : i64} : (tensor<9x2x?xf32>) -> tensor<1x6x?xf32>
  %2 = esper.pixel_shuffle %x {factor = 1 : i64} : (tensor<?x8x2x3xf32>) -> tensor<?x8x2x3xf32>
  esper.return %0, %1, %2 : tensor<?x2x4x6xf32>, tensor<1x6x?xf32>, tensor<?x8x2x3xf32>
}

esper.kernel @pixel_unshuffle(%x: tensor<?x2x4x6xf32>, %n: tensor<1x6x3xf32>)
    -> (tensor<?x8x2x3xf32>, tensor<9x2x1xf32>) {
  %0 = esper.pixel_unshuffle %x {factor = 2 : i64} : (tensor<?x2x4x6xf32>) -> tensor<?x8x2x3xf32>
  %1 = esper.pixel_unshuffle %n {factor = 3 : i64} : (tensor<1x6x3xf32>) -> tensor<9x2x1xf32>
  esper.return %0, %1 : tensor<?x8x2x3xf32>, tensor<9x2x1xf32>
}

esper.kernel @channel_shuffle(%x: tensor<?x6x2x3xf32>, %v: tensor<?x4x3xf32>)
    -> (tensor<?x6x2x3xf32>, tensor<?x6x2x3xf32>, tensor<?x4x3xf32>) {
  %0 = esper.channel_shuffle %x {groups = 2 : i64} : (tensor<?x6x2x3xf32>) -> tensor<?x6x2x3xf32>
  %1 = esper.channel_shuffle %x {groups = 3 : i64} : (tensor<?x6x2x3xf32>) -> tensor<?x6x2x3xf32>
  %2 = esper.channel_shuffle %v {groups = 4 : i64} : (tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  esper.return %0, %1, %2 : tensor<?x6x2x3xf32>, tensor<?x6x2x3xf32>, tensor<?x4x3xf32>
}

// Whole and broken factors, growing and shrinking.
esper.kernel @upsample_nearest(%s: tensor<?x2x5xf32>, %i: tensor<?x2x4x3xf32>, %v: tensor<?x2x2x3x2xf32>)
    -> (tensor<?x2x10xf32>, tensor<?x2x7xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x2x7xf32>, tensor<?x2x3x3x4xf32>) {
  %0 = esper.upsample %s {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 2.0>} : (tensor<?x2x5xf32>) -> tensor<?x2x10xf32>
  %1 = esper.upsample %s {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 1.5>} : (tensor<?x2x5xf32>) -> tensor<?x2x7xf32>
  %2 = esper.upsample %s {mode = #esper<upsample_mode nearest>, output_size = array<i64: 3>} : (tensor<?x2x5xf32>) -> tensor<?x2x3xf32>
  %3 = esper.upsample %i {mode = #esper<upsample_mode nearest>, output_size = array<i64: 6, 6>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x6x6xf32>
  %4 = esper.upsample %i {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 0.5, 2.5>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x2x7xf32>
  %5 = esper.upsample %v {mode = #esper<upsample_mode nearest>, output_size = array<i64: 3, 3, 4>} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x3x3x4xf32>
  esper.return %0, %1, %2, %3, %4, %5 : tensor<?x2x10xf32>, tensor<?x2x7xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x2x7xf32>, tensor<?x2x3x3x4xf32>
}

esper.kernel @upsample_nearest_exact(%s: tensor<?x2x5xf32>, %i: tensor<?x2x4x3xf32>, %v: tensor<?x2x2x3x2xf32>)
    -> (tensor<?x2x7xf32>, tensor<?x2x3xf32>, tensor<?x2x2x7xf32>, tensor<?x2x3x3x4xf32>) {
  %0 = esper.upsample %s {mode = #esper<upsample_mode nearest_exact>, scale_factor = array<f64: 1.5>} : (tensor<?x2x5xf32>) -> tensor<?x2x7xf32>
  %1 = esper.upsample %s {mode = #esper<upsample_mode nearest_exact>, output_size = array<i64: 3>} : (tensor<?x2x5xf32>) -> tensor<?x2x3xf32>
  %2 = esper.upsample %i {mode = #esper<upsample_mode nearest_exact>, scale_factor = array<f64: 0.5, 2.5>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x2x7xf32>
  %3 = esper.upsample %v {mode = #esper<upsample_mode nearest_exact>, output_size = array<i64: 3, 3, 4>} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x3x3x4xf32>
  esper.return %0, %1, %2, %3 : tensor<?x2x7xf32>, tensor<?x2x3xf32>, tensor<?x2x2x7xf32>, tensor<?x2x3x3x4xf32>
}

// Corners aligned, not aligned, left to torch.
esper.kernel @upsample(%s: tensor<?x2x5xf32>, %i: tensor<?x2x4x3xf32>, %v: tensor<?x2x2x3x2xf32>)
    -> (tensor<?x2x10xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x1x5xf32>, tensor<?x2x8x4xf32>, tensor<?x2x3x7xf32>, tensor<?x2x4x3x3xf32>, tensor<?x2x3x2x1xf32>, tensor<?x2x10xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x1x5xf32>, tensor<?x2x8x4xf32>, tensor<?x2x3x7xf32>, tensor<?x2x4x3x3xf32>, tensor<?x2x3x2x1xf32>, tensor<?x2x10xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x1x5xf32>, tensor<?x2x8x4xf32>, tensor<?x2x3x7xf32>, tensor<?x2x4x3x3xf32>, tensor<?x2x3x2x1xf32>) {
  %0 = esper.upsample %s {mode = #esper<upsample_mode linear>, scale_factor = array<f64: 2.0>, align_corners = true} : (tensor<?x2x5xf32>) -> tensor<?x2x10xf32>
  %1 = esper.upsample %s {mode = #esper<upsample_mode linear>, output_size = array<i64: 3>, align_corners = true} : (tensor<?x2x5xf32>) -> tensor<?x2x3xf32>
  %2 = esper.upsample %i {mode = #esper<upsample_mode bilinear>, scale_factor = array<f64: 1.5, 2.0>, align_corners = true} : (tensor<?x2x4x3xf32>) -> tensor<?x2x6x6xf32>
  %3 = esper.upsample %i {mode = #esper<upsample_mode bilinear>, output_size = array<i64: 1, 5>, align_corners = true} : (tensor<?x2x4x3xf32>) -> tensor<?x2x1x5xf32>
  %4 = esper.upsample %i {mode = #esper<upsample_mode bicubic>, scale_factor = array<f64: 2.0, 1.5>, align_corners = true} : (tensor<?x2x4x3xf32>) -> tensor<?x2x8x4xf32>
  %5 = esper.upsample %i {mode = #esper<upsample_mode bicubic>, output_size = array<i64: 3, 7>, align_corners = true} : (tensor<?x2x4x3xf32>) -> tensor<?x2x3x7xf32>
  %6 = esper.upsample %v {mode = #esper<upsample_mode trilinear>, scale_factor = array<f64: 2.0, 1.0, 1.5>, align_corners = true} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x4x3x3xf32>
  %7 = esper.upsample %v {mode = #esper<upsample_mode trilinear>, output_size = array<i64: 3, 2, 1>, align_corners = true} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x3x2x1xf32>
  %8 = esper.upsample %s {mode = #esper<upsample_mode linear>, scale_factor = array<f64: 2.0>, align_corners = false} : (tensor<?x2x5xf32>) -> tensor<?x2x10xf32>
  %9 = esper.upsample %s {mode = #esper<upsample_mode linear>, output_size = array<i64: 3>, align_corners = false} : (tensor<?x2x5xf32>) -> tensor<?x2x3xf32>
  %10 = esper.upsample %i {mode = #esper<upsample_mode bilinear>, scale_factor = array<f64: 1.5, 2.0>, align_corners = false} : (tensor<?x2x4x3xf32>) -> tensor<?x2x6x6xf32>
  %11 = esper.upsample %i {mode = #esper<upsample_mode bilinear>, output_size = array<i64: 1, 5>, align_corners = false} : (tensor<?x2x4x3xf32>) -> tensor<?x2x1x5xf32>
  %12 = esper.upsample %i {mode = #esper<upsample_mode bicubic>, scale_factor = array<f64: 2.0, 1.5>, align_corners = false} : (tensor<?x2x4x3xf32>) -> tensor<?x2x8x4xf32>
  %13 = esper.upsample %i {mode = #esper<upsample_mode bicubic>, output_size = array<i64: 3, 7>, align_corners = false} : (tensor<?x2x4x3xf32>) -> tensor<?x2x3x7xf32>
  %14 = esper.upsample %v {mode = #esper<upsample_mode trilinear>, scale_factor = array<f64: 2.0, 1.0, 1.5>, align_corners = false} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x4x3x3xf32>
  %15 = esper.upsample %v {mode = #esper<upsample_mode trilinear>, output_size = array<i64: 3, 2, 1>, align_corners = false} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x3x2x1xf32>
  %16 = esper.upsample %s {mode = #esper<upsample_mode linear>, scale_factor = array<f64: 2.0>} : (tensor<?x2x5xf32>) -> tensor<?x2x10xf32>
  %17 = esper.upsample %s {mode = #esper<upsample_mode linear>, output_size = array<i64: 3>} : (tensor<?x2x5xf32>) -> tensor<?x2x3xf32>
  %18 = esper.upsample %i {mode = #esper<upsample_mode bilinear>, scale_factor = array<f64: 1.5, 2.0>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x6x6xf32>
  %19 = esper.upsample %i {mode = #esper<upsample_mode bilinear>, output_size = array<i64: 1, 5>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x1x5xf32>
  %20 = esper.upsample %i {mode = #esper<upsample_mode bicubic>, scale_factor = array<f64: 2.0, 1.5>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x8x4xf32>
  %21 = esper.upsample %i {mode = #esper<upsample_mode bicubic>, output_size = array<i64: 3, 7>} : (tensor<?x2x4x3xf32>) -> tensor<?x2x3x7xf32>
  %22 = esper.upsample %v {mode = #esper<upsample_mode trilinear>, scale_factor = array<f64: 2.0, 1.0, 1.5>} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x4x3x3xf32>
  %23 = esper.upsample %v {mode = #esper<upsample_mode trilinear>, output_size = array<i64: 3, 2, 1>} : (tensor<?x2x2x3x2xf32>) -> tensor<?x2x3x2x1xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23 : tensor<?x2x10xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x1x5xf32>, tensor<?x2x8x4xf32>, tensor<?x2x3x7xf32>, tensor<?x2x4x3x3xf32>, tensor<?x2x3x2x1xf32>, tensor<?x2x10xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x1x5xf32>, tensor<?x2x8x4xf32>, tensor<?x2x3x7xf32>, tensor<?x2x4x3x3xf32>, tensor<?x2x3x2x1xf32>, tensor<?x2x10xf32>, tensor<?x2x3xf32>, tensor<?x2x6x6xf32>, tensor<?x2x1x5xf32>, tensor<?x2x8x4xf32>, tensor<?x2x3x7xf32>, tensor<?x2x4x3x3xf32>, tensor<?x2x3x2x1xf32>
}

esper.kernel @contiguous(%x: tensor<?x3x4x5xf32>) -> (tensor<?x3x4x5xf32>, tensor<?x3x4x5xf32>) {
  %0 = esper.contiguous channels_last %x : tensor<?x3x4x5xf32>
  %1 = esper.activation "relu" %0 : tensor<?x3x4x5xf32>
  %2 = esper.contiguous contiguous %1 : tensor<?x3x4x5xf32>
  esper.return %0, %2 : tensor<?x3x4x5xf32>, tensor<?x3x4x5xf32>
}
