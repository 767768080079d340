esper.kernel @bilinear(%a: tensor<?x4xf32>, %b: tensor<3x6xf32>, %w: tensor<5x4x6xf32>, %c: tensor<5xf32>) -> tensor<?x5xf32> {
  %0 = esper.bilinear %a, %b, %w, %c : (tensor<?x4xf32>, tensor<3x6xf32>, tensor<5x4x6xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  esper.return %0 : tensor<?x5xf32>
}
