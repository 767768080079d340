esper.kernel @unflatten(%x: tensor<?x8xf32>) -> (tensor<?x4x2xf32>, tensor<2x?x8xf32>) {
  %0 = esper.unflatten %x {dim = -1 : i64, sizes = array<i64: -1, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
  %1 = esper.unflatten %x {dim = 0 : i64, sizes = array<i64: 2, -1>} : (tensor<?x8xf32>) -> tensor<2x?x8xf32>
  esper.return %0, %1 : tensor<?x4x2xf32>, tensor<2x?x8xf32>
}
