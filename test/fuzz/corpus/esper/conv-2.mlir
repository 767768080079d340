esper.kernel @conv_depthwise(%x: tensor<?x4x?x7xf32>, %w: tensor<4x1x3x7xf32>) {
  %y = esper.conv %x, %w
      {dilation = array<i64: 1, 1>, groups = 4 : i64, padding = array<i64: 1, 0>, stride = array<i64: 1, 1>}
      : (tensor<?x4x?x7xf32>, tensor<4x1x3x7xf32>) -> tensor<?x4x?x1xf32>
  esper.return
}
