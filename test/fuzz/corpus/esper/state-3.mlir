esper.kernel @affine(%x: tensor<?x4xf32>) -> tensor<?x2xf32> attributes {leading_any} {
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<2x4xf32>
  %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  esper.return %y : tensor<?x2xf32>
}
