esper.kernel @slice(%x: tensor<?x8xf32>) -> (tensor<?x5xf32>, tensor<?x4xf32>, tensor<?x0xf32>, tensor<?x8xf32>) {
  %0 = esper.slice %x {dim = -1 : i64, start = 2 : i64, end = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x5xf32>
  %1 = esper.slice %x {dim = 1 : i64, start = -100 : i64, end = 100 : i64, step = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  %2 = esper.slice %x {dim = 1 : i64, start = 5 : i64, end = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x0xf32>
  %3 = esper.slice %x {dim = 0 : i64, start = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1, %2, %3 : tensor<?x5xf32>, tensor<?x4xf32>, tensor<?x0xf32>, tensor<?x8xf32>
}
