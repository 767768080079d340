esper.kernel @unsqueeze_squeeze(%x: tensor<?x8xf32>, %s: tensor<f32>) -> (tensor<?x8xf32>, tensor<1xf32>, tensor<?x8xf32>) {
  %0 = esper.unsqueeze %x {dim = -2 : i64} : (tensor<?x8xf32>) -> tensor<?x1x8xf32>
  %1 = esper.squeeze %0 {dim = 1 : i64} : (tensor<?x1x8xf32>) -> tensor<?x8xf32>
  %2 = esper.unsqueeze %s {dim = 0 : i64} : (tensor<f32>) -> tensor<1xf32>
  %3 = esper.squeeze %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %1, %2, %3 : tensor<?x8xf32>, tensor<1xf32>, tensor<?x8xf32>
}
