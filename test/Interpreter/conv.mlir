// REQUIRES: torch
// RUN: tez-opt %s %against_torch

esper.kernel @conv1d(%x: tensor<?x4x9xf32>) -> (tensor<?x6x9xf32>, tensor<?x6x4xf32>, tensor<?x6x4xf32>, tensor<?x2x9xf32>) {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<6x4x3xf32>
  %g = esper.param "grouped" <uniform, -1.0, 1.0> : tensor<6x2x3xf32>
  %o = esper.param "one" <uniform, -1.0, 1.0> : tensor<2x4x1xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<6xf32>
  %0 = esper.conv %x, %w, %b {stride = array<i64: 1>, padding = array<i64: 1>, dilation = array<i64: 1>}
      : (tensor<?x4x9xf32>, tensor<6x4x3xf32>, tensor<6xf32>) -> tensor<?x6x9xf32>
  %1 = esper.conv %x, %w {stride = array<i64: 2>, padding = array<i64: 1>, dilation = array<i64: 2>}
      : (tensor<?x4x9xf32>, tensor<6x4x3xf32>) -> tensor<?x6x4xf32>
  %2 = esper.conv %x, %g, %b {stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>, groups = 2 : i64}
      : (tensor<?x4x9xf32>, tensor<6x2x3xf32>, tensor<6xf32>) -> tensor<?x6x4xf32>
  %3 = esper.conv %x, %o {stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>}
      : (tensor<?x4x9xf32>, tensor<2x4x1xf32>) -> tensor<?x2x9xf32>
  esper.return %0, %1, %2, %3 : tensor<?x6x9xf32>, tensor<?x6x4xf32>, tensor<?x6x4xf32>, tensor<?x2x9xf32>
}

// Depthwise, sizes known only at run time, an even kernel, different settings for the two dimensions.
esper.kernel @conv2d(%x: tensor<?x4x?x7xf32>) -> (tensor<?x3x?x7xf32>, tensor<?x4x?x6xf32>, tensor<?x3x?x5xf32>) {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<3x4x3x3xf32>
  %d = esper.param "depthwise" <uniform, -1.0, 1.0> : tensor<4x1x2x2xf32>
  %m = esper.param "mixed" <uniform, -1.0, 1.0> : tensor<3x4x1x3xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<3xf32>
  %0 = esper.conv %x, %w, %b {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x?x7xf32>, tensor<3x4x3x3xf32>, tensor<3xf32>) -> tensor<?x3x?x7xf32>
  %1 = esper.conv %x, %d {stride = array<i64: 1, 1>, padding = array<i64: 1, 0>, dilation = array<i64: 2, 1>, groups = 4 : i64}
      : (tensor<?x4x?x7xf32>, tensor<4x1x2x2xf32>) -> tensor<?x4x?x6xf32>
  %2 = esper.conv %x, %m, %b {stride = array<i64: 2, 1>, padding = array<i64: 0, 2>, dilation = array<i64: 1, 3>}
      : (tensor<?x4x?x7xf32>, tensor<3x4x1x3xf32>, tensor<3xf32>) -> tensor<?x3x?x5xf32>
  esper.return %0, %1, %2 : tensor<?x3x?x7xf32>, tensor<?x4x?x6xf32>, tensor<?x3x?x5xf32>
}

esper.kernel @conv3d(%x: tensor<?x2x4x3x5xf32>) -> (tensor<?x4x2x3x3xf32>, tensor<?x2x4x3x5xf32>) {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<4x2x2x1x3xf32>
  %g = esper.param "grouped" <uniform, -1.0, 1.0> : tensor<2x1x1x1x1xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<4xf32>
  %0 = esper.conv %x, %w, %b {stride = array<i64: 2, 1, 2>, padding = array<i64: 0, 0, 1>, dilation = array<i64: 1, 1, 1>}
      : (tensor<?x2x4x3x5xf32>, tensor<4x2x2x1x3xf32>, tensor<4xf32>) -> tensor<?x4x2x3x3xf32>
  %1 = esper.conv %x, %g {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>, groups = 2 : i64}
      : (tensor<?x2x4x3x5xf32>, tensor<2x1x1x1x1xf32>) -> tensor<?x2x4x3x5xf32>
  esper.return %0, %1 : tensor<?x4x2x3x3xf32>, tensor<?x2x4x3x5xf32>
}

// (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.
esper.kernel @conv_transpose(%x: tensor<?x4x5xf32>, %i: tensor<?x4x3x2xf32>, %v: tensor<?x2x2x3x2xf32>)
    -> (tensor<?x6x12xf32>, tensor<?x6x8xf32>, tensor<?x3x6x5xf32>, tensor<?x3x3x5x2xf32>) {
  %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<4x6x3xf32>
  %g = esper.param "grouped" <uniform, -1.0, 1.0> : tensor<4x3x2xf32>
  %p = esper.param "plane" <uniform, -1.0, 1.0> : tensor<4x3x2x3xf32>
  %s = esper.param "solid" <uniform, -1.0, 1.0> : tensor<2x3x2x3x1xf32>
  %b = esper.param "bias" <normal, 0.0, 1.0> : tensor<6xf32>
  %0 = esper.conv_transpose %x, %w, %b
      {stride = array<i64: 2>, padding = array<i64: 0>, output_padding = array<i64: 1>, dilation = array<i64: 1>}
      : (tensor<?x4x5xf32>, tensor<4x6x3xf32>, tensor<6xf32>) -> tensor<?x6x12xf32>
  %1 = esper.conv_transpose %x, %g, %b
      {stride = array<i64: 1>, padding = array<i64: 0>, output_padding = array<i64: 0>, dilation = array<i64: 3>, groups = 2 : i64}
      : (tensor<?x4x5xf32>, tensor<4x3x2xf32>, tensor<6xf32>) -> tensor<?x6x8xf32>
  %2 = esper.conv_transpose %i, %p
      {stride = array<i64: 2, 3>, padding = array<i64: 0, 1>, output_padding = array<i64: 0, 1>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x3x2xf32>, tensor<4x3x2x3xf32>) -> tensor<?x3x6x5xf32>
  %3 = esper.conv_transpose %v, %s
      {stride = array<i64: 1, 1, 1>, padding = array<i64: 0, 0, 0>, output_padding = array<i64: 0, 0, 0>, dilation = array<i64: 1, 1, 1>}
      : (tensor<?x2x2x3x2xf32>, tensor<2x3x2x3x1xf32>) -> tensor<?x3x3x5x2xf32>
  esper.return %0, %1, %2, %3 : tensor<?x6x12xf32>, tensor<?x6x8xf32>, tensor<?x3x6x5xf32>, tensor<?x3x3x5x2xf32>
}
