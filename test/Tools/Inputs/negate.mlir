esper.kernel @minus(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = esper.scale %x, -1.000000e+00 : tensor<?x4xf32>
  %1 = esper.activation "tanh" %0 : tensor<?x4xf32>
  %2 = esper.scale %1, -2.000000e+00 : tensor<?x4xf32>
  esper.return %2 : tensor<?x4xf32>
}
