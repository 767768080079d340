// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// All dimensions, one, several, in any order, kept and dropped.
esper.kernel @sum(%x: tensor<?x3x4xf32>)
    -> (tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>) {
  %0 = esper.reduce %x {kind = #esper<reduce_kind sum>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %1 = esper.reduce %x {kind = #esper<reduce_kind sum>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x1x1xf32>
  %2 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: -1>} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %3 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: 1>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<?x1x4xf32>
  %4 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: 1, 2>} : (tensor<?x3x4xf32>) -> tensor<?xf32>
  %5 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: -1, 0>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x3x1xf32>
  %6 = esper.reduce %x {kind = #esper<reduce_kind sum>, dims = array<i64: 0, 1, 2>} : (tensor<?x3x4xf32>) -> tensor<f32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>
}

esper.kernel @mean(%x: tensor<?x3x4xf32>)
    -> (tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>) {
  %0 = esper.reduce %x {kind = #esper<reduce_kind mean>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %1 = esper.reduce %x {kind = #esper<reduce_kind mean>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x1x1xf32>
  %2 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: -1>} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %3 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: 1>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<?x1x4xf32>
  %4 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: 1, 2>} : (tensor<?x3x4xf32>) -> tensor<?xf32>
  %5 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: -1, 0>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x3x1xf32>
  %6 = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: 0, 1, 2>} : (tensor<?x3x4xf32>) -> tensor<f32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>
}

// Of several dimensions: equal elements share the gradient.
esper.kernel @max(%x: tensor<?x3x4xf32>)
    -> (tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>) {
  %0 = esper.reduce %x {kind = #esper<reduce_kind max>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %1 = esper.reduce %x {kind = #esper<reduce_kind max>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x1x1xf32>
  %2 = esper.reduce %x {kind = #esper<reduce_kind max>, dims = array<i64: -1>} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %3 = esper.reduce %x {kind = #esper<reduce_kind max>, dims = array<i64: 1>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<?x1x4xf32>
  %4 = esper.reduce %x {kind = #esper<reduce_kind max>, dims = array<i64: 1, 2>} : (tensor<?x3x4xf32>) -> tensor<?xf32>
  %5 = esper.reduce %x {kind = #esper<reduce_kind max>, dims = array<i64: -1, 0>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x3x1xf32>
  %6 = esper.reduce %x {kind = #esper<reduce_kind max>, dims = array<i64: 0, 1, 2>} : (tensor<?x3x4xf32>) -> tensor<f32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>
}

esper.kernel @min(%x: tensor<?x3x4xf32>)
    -> (tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>) {
  %0 = esper.reduce %x {kind = #esper<reduce_kind min>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %1 = esper.reduce %x {kind = #esper<reduce_kind min>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x1x1xf32>
  %2 = esper.reduce %x {kind = #esper<reduce_kind min>, dims = array<i64: -1>} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %3 = esper.reduce %x {kind = #esper<reduce_kind min>, dims = array<i64: 1>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<?x1x4xf32>
  %4 = esper.reduce %x {kind = #esper<reduce_kind min>, dims = array<i64: 1, 2>} : (tensor<?x3x4xf32>) -> tensor<?xf32>
  %5 = esper.reduce %x {kind = #esper<reduce_kind min>, dims = array<i64: -1, 0>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x3x1xf32>
  %6 = esper.reduce %x {kind = #esper<reduce_kind min>, dims = array<i64: 0, 1, 2>} : (tensor<?x3x4xf32>) -> tensor<f32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>
}

esper.kernel @var(%x: tensor<?x3x4xf32>)
    -> (tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>, tensor<?x3xf32>, tensor<f32>) {
  %0 = esper.reduce %x {kind = #esper<reduce_kind var>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %1 = esper.reduce %x {kind = #esper<reduce_kind var>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x1x1xf32>
  %2 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: -1>} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %3 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: 1>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<?x1x4xf32>
  %4 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: 1, 2>} : (tensor<?x3x4xf32>) -> tensor<?xf32>
  %5 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: -1, 0>, keepdim = true} : (tensor<?x3x4xf32>) -> tensor<1x3x1xf32>
  %6 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: 0, 1, 2>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %7 = esper.reduce %x {kind = #esper<reduce_kind var>, dims = array<i64: -1>, correction = 0 : i64} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %8 = esper.reduce %x {kind = #esper<reduce_kind var>, correction = 2 : i64} : (tensor<?x3x4xf32>) -> tensor<f32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<f32>, tensor<1x1x1xf32>, tensor<?x3xf32>, tensor<?x1x4xf32>, tensor<?xf32>, tensor<1x3x1xf32>, tensor<f32>, tensor<?x3xf32>, tensor<f32>
}

// A maximum that many elements reach.
esper.kernel @ties(%x: tensor<?x3x4xf32>) -> (tensor<?x3xf32>, tensor<f32>, tensor<?xf32>) {
  %z = esper.activation "hardtanh"(-2.000000e-01, 2.000000e-01) %x : tensor<?x3x4xf32>
  %w = esper.param "weight" <constant, 0.0> : tensor<3x4xf32>
  %s = esper.add %z, %w : (tensor<?x3x4xf32>, tensor<3x4xf32>) -> tensor<?x3x4xf32>
  %0 = esper.reduce %s {kind = #esper<reduce_kind max>, dims = array<i64: -1>} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %1 = esper.reduce %s {kind = #esper<reduce_kind min>} : (tensor<?x3x4xf32>) -> tensor<f32>
  %2 = esper.reduce %s {kind = #esper<reduce_kind max>, dims = array<i64: 1, 2>} : (tensor<?x3x4xf32>) -> tensor<?xf32>
  esper.return %0, %1, %2 : tensor<?x3xf32>, tensor<f32>, tensor<?xf32>
}

// A sum of integers is an integer.
esper.kernel @integers(%i: tensor<?x3xi64>, %x: tensor<?xf32>) -> (tensor<?xi64>, tensor<3xi64>, tensor<?xf32>) {
  %0 = esper.reduce %i {kind = #esper<reduce_kind sum>, dims = array<i64: 1>} : (tensor<?x3xi64>) -> tensor<?xi64>
  %1 = esper.reduce %i {kind = #esper<reduce_kind max>, dims = array<i64: 0>} : (tensor<?x3xi64>) -> tensor<3xi64>
  %2 = esper.type_as %0, %x : (tensor<?xi64>, tensor<?xf32>) -> tensor<?xf32>
  esper.return %0, %1, %2 : tensor<?xi64>, tensor<3xi64>, tensor<?xf32>
}

esper.kernel @cumsum(%x: tensor<?x?x6xf32>) -> (tensor<?x?x6xf32>, tensor<?x?x6xf32>) {
  %0 = esper.cumsum %x {dim = 1 : i64} : (tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  %1 = esper.cumsum %x {dim = -1 : i64} : (tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  esper.return %0, %1 : tensor<?x?x6xf32>, tensor<?x?x6xf32>
}
