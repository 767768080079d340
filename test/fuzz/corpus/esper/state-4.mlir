esper.kernel @state(%x: tensor<?xf32>) -> tensor<?xf32> {
  %e = esper.param "e" <normal, 0.0, 1.0, zero_row = 3> : tensor<4x2xf32>
  %c = esper.param "c" <constant, 2.5, zero_row = 0> : tensor<1x0xf64>
  %n = esper.buffer "n" <constant, 0.0> : tensor<i64>
  %t = esper.training "a.b"
  %m = esper.increment %n, %t : tensor<i64>
  esper.return %x : tensor<?xf32> updates("n" = %m : tensor<i64>)
}
