esper.kernel @batch_norm_no_affine(%x: tensor<?x8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) {
  %t = esper.training "1"
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t)
      {eps = 1.000000e-05 : f64, momentum = 1.000000e-01 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return
}
