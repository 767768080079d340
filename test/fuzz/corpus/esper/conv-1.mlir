esper.kernel @conv_any_kernel(%x: tensor<?x?x9xf32>, %w: tensor<?x?x?xf32>) {
  %y = esper.conv %x, %w
      {dilation = array<i64: 1>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<?x?x9xf32>, tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  esper.return
}
