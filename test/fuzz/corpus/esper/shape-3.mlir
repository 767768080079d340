esper.kernel @expand_as(%b: tensor<1x8xf32>, %x: tensor<?x?x?xf32>) -> tensor<?x?x8xf32> {
  %0 = esper.expand_as %b, %x : (tensor<1x8xf32>, tensor<?x?x?xf32>) -> tensor<?x?x8xf32>
  esper.return %0 : tensor<?x?x8xf32>
}
