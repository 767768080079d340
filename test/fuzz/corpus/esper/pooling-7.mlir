esper.kernel @avg_pool1d(%x: tensor<?x8x33xf32>) {
  %y = esper.avg_pool %x
      {ceil_mode = true, count_include_pad = false, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x8x33xf32>) -> tensor<?x8x17xf32>
  esper.return
}
