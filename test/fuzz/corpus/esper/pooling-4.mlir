esper.kernel @max_pool1d(%x: tensor<?x8x32xf32>) {
  %y = esper.max_pool %x
      {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x8x32xf32>) -> tensor<?x8x16xf32>
  esper.return
}
