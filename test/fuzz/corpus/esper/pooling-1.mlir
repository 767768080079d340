esper.kernel @adaptive_avg_pool_grows(%x: tensor<?x8x3xf32>) {
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 5>}
      : (tensor<?x8x3xf32>) -> tensor<?x8x5xf32>
  esper.return
}
