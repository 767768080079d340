esper.kernel @avg_pool3d(%x: tensor<0x2x4x4x4xf32>) {
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2, 2, 2>, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 2, 2>}
      : (tensor<0x2x4x4x4xf32>) -> tensor<0x2x2x2x2xf32>
  esper.return
}
