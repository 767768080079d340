// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @reduce(
esper.kernel @reduce(%x: tensor<?x4x8xf32>, %n: tensor<?x3xi32>, %s: tensor<f32>) -> (tensor<?x1x8xf32>, tensor<?xf32>, tensor<f32>, tensor<1x1x1xf32>, tensor<?xi64>, tensor<3xi32>, tensor<f32>) {
  // CHECK: esper.reduce %{{.*}} {dims = array<i64: -2>, keepdim = true, kind = #esper<reduce_kind mean>} : (tensor<?x4x8xf32>) -> tensor<?x1x8xf32>
  %0 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: -2>, keepdim = true} : (tensor<?x4x8xf32>) -> tensor<?x1x8xf32>
  // CHECK: esper.reduce %{{.*}} {correction = 0 : i64, dims = array<i64: 2, 1>, kind = #esper<reduce_kind var>} : (tensor<?x4x8xf32>) -> tensor<?xf32>
  %1 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: 2, 1>, correction = 0 : i64} : (tensor<?x4x8xf32>) -> tensor<?xf32>
  // CHECK: esper.reduce %{{.*}} {kind = #esper<reduce_kind max>} : (tensor<?x4x8xf32>) -> tensor<f32>
  %2 = esper.reduce %x {kind = #esper<reduce_kind max>} : (tensor<?x4x8xf32>) -> tensor<f32>
  %3 = esper.reduce %x {kind = #esper<reduce_kind min>, keepdim = true} : (tensor<?x4x8xf32>) -> tensor<1x1x1xf32>
  // A sum of integers is i64, their maximum is not.
  // CHECK: (tensor<?x3xi32>) -> tensor<?xi64>
  %4 = esper.reduce %n {kind = #esper<reduce_kind sum>, dims = array<i64: 1>} : (tensor<?x3xi32>) -> tensor<?xi64>
  // CHECK: (tensor<?x3xi32>) -> tensor<3xi32>
  %5 = esper.reduce %n {kind = #esper<reduce_kind max>, dims = array<i64: 0>} : (tensor<?x3xi32>) -> tensor<3xi32>
  %6 = esper.reduce %s {kind = #esper<reduce_kind sum>} : (tensor<f32>) -> tensor<f32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<?x1x8xf32>, tensor<?xf32>, tensor<f32>, tensor<1x1x1xf32>, tensor<?xi64>, tensor<3xi32>, tensor<f32>
}

// CHECK-LABEL: esper.kernel @cumsum(
esper.kernel @cumsum(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: esper.cumsum %{{.*}} {dim = 0 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %0 = esper.cumsum %x {dim = 0 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}
