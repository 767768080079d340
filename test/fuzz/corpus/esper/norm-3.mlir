esper.kernel @batch_norm_bare(%x: tensor<0x8xf32>) {
  %t = esper.training "1"
  %y = esper.batch_norm %x training(%t) {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<0x8xf32>, i1) -> tensor<0x8xf32>
  esper.return
}
