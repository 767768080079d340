esper.kernel @transpose(%x: tensor<?x4x2xf32>) -> tensor<2x4x?xf32> {
  %0 = esper.transpose %x {dim0 = 0 : i64, dim1 = -1 : i64} : (tensor<?x4x2xf32>) -> tensor<2x4x?xf32>
  esper.return %0 : tensor<2x4x?xf32>
}
