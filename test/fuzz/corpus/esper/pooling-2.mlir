esper.kernel @adaptive_max_pool(%x: tensor<?x8x?x7x?xf32>) {
  %y = esper.adaptive_max_pool %x {output_size = array<i64: 4, -1, 0>}
      : (tensor<?x8x?x7x?xf32>) -> tensor<?x8x4x7x0xf32>
  esper.return
}
