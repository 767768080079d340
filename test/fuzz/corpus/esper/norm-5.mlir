esper.kernel @local_response_norm(%x: tensor<?x8x?x?xf32>) {
  %y = esper.local_response_norm %x
      {alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64, size = 5 : i64}
      : (tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  esper.return
}
