esper.kernel @lp_pool(%x: tensor<?x8x32x31xf32>) {
  %y = esper.lp_pool %x
      {kernel_size = array<i64: 2, 2>, norm_type = 2.000000e+00 : f64, stride = array<i64: 2, 2>}
      : (tensor<?x8x32x31xf32>) -> tensor<?x8x16x15xf32>
  esper.return
}
