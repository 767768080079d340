esper.kernel @same_type_other_shape(%x: tensor<?x0xf32>, %s: tensor<f32>) -> (tensor<?x0xf32>, tensor<1xf32>) {
  %0 = esper.reshape %x {shape = array<i64: 5, 0>} : (tensor<?x0xf32>) -> tensor<5x0xf32>
  %1 = esper.concat %x, %0 {dim = 0 : i64} : (tensor<?x0xf32>, tensor<5x0xf32>) -> tensor<?x0xf32>
  %2 = esper.flatten %s {start_dim = 0 : i64, end_dim = 0 : i64} : (tensor<f32>) -> tensor<1xf32>
  esper.return %1, %2 : tensor<?x0xf32>, tensor<1xf32>
}
