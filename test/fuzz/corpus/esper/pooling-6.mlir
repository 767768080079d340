esper.kernel @avg_pool2d(%x: tensor<?x?x?x8xf32>) {
  %y = esper.avg_pool %x
      {divisor_override = 3 : i64, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<?x?x?x8xf32>) -> tensor<?x?x?x4xf32>
  esper.return
}
