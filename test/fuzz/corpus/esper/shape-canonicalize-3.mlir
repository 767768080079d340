esper.kernel @slice(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %0 = esper.slice %x {dim = 1 : i64, start = -9 : i64, end = 100 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.slice %x {dim = 0 : i64, start = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %2 = esper.slice %x {dim = 0 : i64, start = 0 : i64, end = 100 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}
