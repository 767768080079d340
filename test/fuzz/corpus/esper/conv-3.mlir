esper.kernel @conv_transpose_dilated(%x: tensor<1x8x4xf32>, %w: tensor<8x4x3xf32>) {
  %y = esper.conv_transpose %x, %w
      {dilation = array<i64: 2>, output_padding = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<1x8x4xf32>, tensor<8x4x3xf32>) -> tensor<1x4x9xf32>
  esper.return
}
