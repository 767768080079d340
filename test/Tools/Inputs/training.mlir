esper.kernel @k(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %t = esper.training "1"
  %y = esper.dropout element(5.000000e-01) %x, %t : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}
