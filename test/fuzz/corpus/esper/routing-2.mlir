esper.kernel @topk(%x: tensor<?x8x?xf32>) -> (tensor<?x2x?xf32>, tensor<?x8x3xi64>) {
  %v, %i = esper.topk %x {k = 2 : i64, dim = 1 : i64} : (tensor<?x8x?xf32>) -> (tensor<?x2x?xf32>, tensor<?x2x?xi64>)
  %u, %j = esper.topk %x {k = 3 : i64} : (tensor<?x8x?xf32>) -> (tensor<?x8x3xf32>, tensor<?x8x3xi64>)
  esper.return %v, %j : tensor<?x2x?xf32>, tensor<?x8x3xi64>
}
