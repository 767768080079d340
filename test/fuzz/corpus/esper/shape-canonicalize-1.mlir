esper.kernel @squeeze(%x: tensor<?x8xf32>, %y: tensor<?x1xf32>) -> (tensor<?x8xf32>, tensor<?xf32>) {
  %0 = esper.squeeze %x {dim = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.squeeze %y {dim = 1 : i64} : (tensor<?x1xf32>) -> tensor<?xf32>
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?xf32>
}
