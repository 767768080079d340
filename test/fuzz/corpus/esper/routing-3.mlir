esper.kernel @mixture(%l: tensor<?x5x3xf32>, %a: tensor<?x5x8xf32>, %b: tensor<4x5x?xf32>) -> (tensor<4x5x8xf32>, tensor<4x5x8xf32>, tensor<f32>) {
  %g, %i = esper.topk_gating %l {k = 2 : i64, capacity_factor = 1.25 : f64} : (tensor<?x5x3xf32>) -> (tensor<?x5x2xf32>, tensor<?x5x2xi64>)
  %y = esper.moe_combine %g, %i experts(%a, %b, %a) {num_experts = 3 : i64, top_k = 2 : i64}
      : (tensor<?x5x2xf32>, tensor<?x5x2xi64>, tensor<?x5x8xf32>, tensor<4x5x?xf32>, tensor<?x5x8xf32>) -> tensor<4x5x8xf32>
  %z = esper.moe_combine %l experts(%a, %b, %a) {num_experts = 3 : i64, top_k = 3 : i64}
      : (tensor<?x5x3xf32>, tensor<?x5x8xf32>, tensor<4x5x?xf32>, tensor<?x5x8xf32>) -> tensor<4x5x8xf32>
  %m = esper.moe_aux_loss %l {loss_coef = 0.01 : f64} : (tensor<?x5x3xf32>) -> tensor<f32>
  esper.return %y, %z, %m : tensor<4x5x8xf32>, tensor<4x5x8xf32>, tensor<f32>
}
