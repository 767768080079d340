esper.kernel @same_type(%x: tensor<?x8xf32>, %y: tensor<f32>) -> tensor<?x8xf32> {
  %0 = esper.type_as %x, %y : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}
