esper.kernel @embedding(%i: tensor<?x?xi64>, %s: tensor<i32>, %w: tensor<100x16xf32>) -> (tensor<?x?x16xf32>, tensor<16xf32>) {
  %0 = esper.embedding %i, %w {padding_idx = 99 : i64} : (tensor<?x?xi64>, tensor<100x16xf32>) -> tensor<?x?x16xf32>
  %1 = esper.embedding %s, %w : (tensor<i32>, tensor<100x16xf32>) -> tensor<16xf32>
  esper.return %0, %1 : tensor<?x?x16xf32>, tensor<16xf32>
}
