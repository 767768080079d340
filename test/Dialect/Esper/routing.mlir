// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @topk(
esper.kernel @topk(%x: tensor<?x8x?xf32>) -> (tensor<?x2x?xf32>, tensor<?x8x3xi64>) {
  // CHECK: esper.topk %{{.*}} {dim = 1 : i64, k = 2 : i64} : (tensor<?x8x?xf32>) -> (tensor<?x2x?xf32>, tensor<?x2x?xi64>)
  %v, %i = esper.topk %x {k = 2 : i64, dim = 1 : i64} : (tensor<?x8x?xf32>) -> (tensor<?x2x?xf32>, tensor<?x2x?xi64>)
  // A dynamic dimension may hold three.
  %u, %j = esper.topk %x {k = 3 : i64} : (tensor<?x8x?xf32>) -> (tensor<?x8x3xf32>, tensor<?x8x3xi64>)
  esper.return %v, %j : tensor<?x2x?xf32>, tensor<?x8x3xi64>
}

// CHECK-LABEL: esper.kernel @one_hot(
esper.kernel @one_hot(%i: tensor<?x2xi64>, %x: tensor<?xf32>) -> tensor<?x2x8xf32> {
  // CHECK: esper.one_hot %{{.*}} {num_classes = 8 : i64} : (tensor<?x2xi64>) -> tensor<?x2x8xi64>
  %0 = esper.one_hot %i {num_classes = 8 : i64} : (tensor<?x2xi64>) -> tensor<?x2x8xi64>
  // CHECK: esper.type_as %{{.*}}, %{{.*}} : (tensor<?x2x8xi64>, tensor<?xf32>) -> tensor<?x2x8xf32>
  %1 = esper.type_as %0, %x : (tensor<?x2x8xi64>, tensor<?xf32>) -> tensor<?x2x8xf32>
  esper.return %1 : tensor<?x2x8xf32>
}

// CHECK-LABEL: esper.kernel @mixture(
esper.kernel @mixture(%l: tensor<?x5x3xf32>, %a: tensor<?x5x8xf32>, %b: tensor<4x5x?xf32>) -> (tensor<4x5x8xf32>, tensor<4x5x8xf32>, tensor<f32>) {
  // CHECK: esper.topk_gating %{{.*}} {capacity_factor = 1.250000e+00 : f64, k = 2 : i64} : (tensor<?x5x3xf32>) -> (tensor<?x5x2xf32>, tensor<?x5x2xi64>)
  %g, %i = esper.topk_gating %l {k = 2 : i64, capacity_factor = 1.25 : f64} : (tensor<?x5x3xf32>) -> (tensor<?x5x2xf32>, tensor<?x5x2xi64>)
  // CHECK: esper.moe_combine %{{.*}}, %{{.*}} experts(%{{.*}}, %{{.*}}, %{{.*}}) {num_experts = 3 : i64, top_k = 2 : i64} : {{.*}} -> tensor<4x5x8xf32>
  %y = esper.moe_combine %g, %i experts(%a, %b, %a) {num_experts = 3 : i64, top_k = 2 : i64}
      : (tensor<?x5x2xf32>, tensor<?x5x2xi64>, tensor<?x5x8xf32>, tensor<4x5x?xf32>, tensor<?x5x8xf32>) -> tensor<4x5x8xf32>
  // CHECK: esper.moe_combine %{{.*}} experts(%{{.*}}, %{{.*}}, %{{.*}}) {
  %z = esper.moe_combine %l experts(%a, %b, %a) {num_experts = 3 : i64, top_k = 3 : i64}
      : (tensor<?x5x3xf32>, tensor<?x5x8xf32>, tensor<4x5x?xf32>, tensor<?x5x8xf32>) -> tensor<4x5x8xf32>
  // CHECK: esper.moe_aux_loss %{{.*}} {loss_coef = 1.000000e-02 : f64} : (tensor<?x5x3xf32>) -> tensor<f32>
  %m = esper.moe_aux_loss %l {loss_coef = 0.01 : f64} : (tensor<?x5x3xf32>) -> tensor<f32>
  esper.return %y, %z, %m : tensor<4x5x8xf32>, tensor<4x5x8xf32>, tensor<f32>
}
