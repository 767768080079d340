esper.kernel @split(%x: tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>, tensor<2x8xf32>) {
  %0, %1 = esper.split %x {sizes = array<i64: 3, 5>, dim = -1 : i64} : (tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>)
  %2, %3 = esper.split %x {sizes = array<i64: 2, 0>, dim = 0 : i64} : (tensor<?x8xf32>) -> (tensor<2x8xf32>, tensor<0x8xf32>)
  esper.return %0, %1, %2 : tensor<?x3xf32>, tensor<?x5xf32>, tensor<2x8xf32>
}
