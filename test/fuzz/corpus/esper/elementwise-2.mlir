esper.kernel @broadcasting(%a: tensor<?x1x8xf32>, %b: tensor<5x?xf32>, %s: tensor<f32>) -> (tensor<?x5x8xf32>, tensor<5x?xf32>, tensor<?x5x8xf32>, tensor<?x1x8xf32>) {
  %0 = esper.add %a, %b : (tensor<?x1x8xf32>, tensor<5x?xf32>) -> tensor<?x5x8xf32>
  %1 = esper.subtract %s, %b : (tensor<f32>, tensor<5x?xf32>) -> tensor<5x?xf32>
  %2 = esper.multiply %b, %a : (tensor<5x?xf32>, tensor<?x1x8xf32>) -> tensor<?x5x8xf32>
  %3 = esper.divide %a, %s : (tensor<?x1x8xf32>, tensor<f32>) -> tensor<?x1x8xf32>
  esper.return %0, %1, %2, %3 : tensor<?x5x8xf32>, tensor<5x?xf32>, tensor<?x5x8xf32>, tensor<?x1x8xf32>
}
