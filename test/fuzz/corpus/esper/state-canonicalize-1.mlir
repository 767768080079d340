esper.kernel @counts() {
  %n = esper.buffer "n" <constant, 0.0> : tensor<i64>
  %f = esper.flag true
  %m = esper.increment %n, %f : tensor<i64>
  esper.return updates("n" = %m : tensor<i64>)
}
