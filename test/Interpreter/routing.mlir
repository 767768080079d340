// REQUIRES: torch
// RUN: tez-opt %s %against_torch

esper.kernel @topk(%x: tensor<?x4x6xf32>) -> (tensor<?x4x2xf32>, tensor<?x4x2xi64>, tensor<?x4x6xf32>, tensor<?x4x6xi64>, tensor<?x0x6xf32>) {
  %v, %i = esper.topk %x {k = 2 : i64} : (tensor<?x4x6xf32>) -> (tensor<?x4x2xf32>, tensor<?x4x2xi64>)
  %a, %j = esper.topk %x {k = 4 : i64, dim = 1 : i64} : (tensor<?x4x6xf32>) -> (tensor<?x4x6xf32>, tensor<?x4x6xi64>)
  %z, %l = esper.topk %x {k = 0 : i64, dim = 1 : i64} : (tensor<?x4x6xf32>) -> (tensor<?x0x6xf32>, tensor<?x0x6xi64>)
  esper.return %v, %i, %a, %j, %z : tensor<?x4x2xf32>, tensor<?x4x2xi64>, tensor<?x4x6xf32>, tensor<?x4x6xi64>, tensor<?x0x6xf32>
}

// Integers as they come, and as numbers of another tensor's type.
esper.kernel @one_hot(%i: tensor<?x3xi64>, %x: tensor<?x3xf32>) -> (tensor<?x3x4xi64>, tensor<?x3x2xf32>, tensor<?x3xf32>) {
  %0 = esper.one_hot %i {num_classes = 4 : i64} : (tensor<?x3xi64>) -> tensor<?x3x4xi64>
  %1 = esper.one_hot %i {num_classes = 2 : i64} : (tensor<?x3xi64>) -> tensor<?x3x2xi64>
  %2 = esper.type_as %1, %x : (tensor<?x3x2xi64>, tensor<?x3xf32>) -> tensor<?x3x2xf32>
  %3 = esper.type_as %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %0, %2, %3 : tensor<?x3x4xi64>, tensor<?x3x2xf32>, tensor<?x3xf32>
}

esper.kernel @topk_gating(%x: tensor<?x3x5xf32>) -> (tensor<?x3x2xf32>, tensor<?x3x2xi64>, tensor<?x3x1xf32>, tensor<?x3x5xf32>) {
  %g, %i = esper.topk_gating %x {k = 2 : i64, capacity_factor = 1.25 : f64} : (tensor<?x3x5xf32>) -> (tensor<?x3x2xf32>, tensor<?x3x2xi64>)
  %h, %j = esper.topk_gating %x {k = 1 : i64} : (tensor<?x3x5xf32>) -> (tensor<?x3x1xf32>, tensor<?x3x1xi64>)
  %a, %l = esper.topk_gating %x {k = 5 : i64} : (tensor<?x3x5xf32>) -> (tensor<?x3x5xf32>, tensor<?x3x5xi64>)
  esper.return %g, %i, %h, %a : tensor<?x3x2xf32>, tensor<?x3x2xi64>, tensor<?x3x1xf32>, tensor<?x3x5xf32>
}

// Gates of chosen experts, and of all.
esper.kernel @moe_combine(%x: tensor<?x3xf32>, %a: tensor<?x4xf32>, %b: tensor<?x4xf32>, %c: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %g, %i = esper.topk_gating %x {k = 2 : i64} : (tensor<?x3xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  %0 = esper.moe_combine %g, %i experts(%a, %b, %c) {num_experts = 3 : i64, top_k = 2 : i64}
      : (tensor<?x2xf32>, tensor<?x2xi64>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %p = esper.softmax %x {dim = -1 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %1 = esper.moe_combine %p experts(%a, %b, %a) {num_experts = 3 : i64, top_k = 1 : i64}
      : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %s = esper.slice %p {dim = -1 : i64, start = 0 : i64, end = 1 : i64} : (tensor<?x3xf32>) -> tensor<?x1xf32>
  %2 = esper.moe_combine %s experts(%c) {num_experts = 1 : i64, top_k = 1 : i64} : (tensor<?x1xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

esper.kernel @moe_aux_loss(%x: tensor<?x3x5xf32>, %v: tensor<4xf32>) -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %0 = esper.moe_aux_loss %x {loss_coef = 0.5 : f64} : (tensor<?x3x5xf32>) -> tensor<f32>
  %1 = esper.moe_aux_loss %v {loss_coef = 2.0 : f64} : (tensor<4xf32>) -> tensor<f32>
  %2 = esper.moe_aux_loss %x {loss_coef = 0.0 : f64} : (tensor<?x3x5xf32>) -> tensor<f32>
  esper.return %0, %1, %2 : tensor<f32>, tensor<f32>, tensor<f32>
}
