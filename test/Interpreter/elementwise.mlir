// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// Equal shapes, a missing dimension, sizes of one on either side, a scalar.
esper.kernel @add(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>, %v: tensor<4xf32>, %c: tensor<3x1x1xf32>, %s: tensor<f32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.add %x, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = esper.add %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %2 = esper.add %c, %x : (tensor<3x1x1xf32>, tensor<?x4xf32>) -> tensor<3x?x4xf32>
  %3 = esper.add %s, %x : (tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>
}

esper.kernel @subtract(%x: tensor<?x4xf32>, %v: tensor<4xf32>, %c: tensor<3x1x1xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.subtract %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = esper.subtract %v, %x : (tensor<4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = esper.subtract %c, %x : (tensor<3x1x1xf32>, tensor<?x4xf32>) -> tensor<3x?x4xf32>
  %3 = esper.subtract %x, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>
}

// The same value twice: both factors take a gradient.
esper.kernel @multiply(%x: tensor<?x4xf32>, %v: tensor<4xf32>, %c: tensor<3x1x1xf32>) -> (tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.multiply %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = esper.multiply %c, %x : (tensor<3x1x1xf32>, tensor<?x4xf32>) -> tensor<3x?x4xf32>
  %2 = esper.multiply %x, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>
}

esper.kernel @divide(%x: tensor<?x4xf32>, %c: tensor<3x1x1xf32>) -> (tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>) {
  %v = esper.param "divisor" <uniform, 0.5, 2.0> : tensor<4xf32>
  %0 = esper.divide %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %e = esper.activation "exp" %x : tensor<?x4xf32>
  %1 = esper.divide %c, %e : (tensor<3x1x1xf32>, tensor<?x4xf32>) -> tensor<3x?x4xf32>
  %2 = esper.divide %e, %e : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<3x?x4xf32>, tensor<?x4xf32>
}

// Equal elements share the gradient.
esper.kernel @extrema(%x: tensor<?x4xf32>, %v: tensor<4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.maximum %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = esper.minimum %v, %x : (tensor<4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = esper.maximum %x, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

esper.kernel @scale(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.scale %x, -5.000000e-01 : tensor<?x4xf32>
  %1 = esper.scale %x, 0.000000e+00 : tensor<?x4xf32>
  %2 = esper.scale %x, 1.0e-30 : tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// One of two ways carries a gradient; a parameter behind a detach alone has none.
esper.kernel @detach(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %w = esper.param "seen" <normal, 0.0, 1.0> : tensor<4xf32>
  %0 = esper.detach %x : tensor<?x4xf32>
  %1 = esper.multiply %x, %0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = esper.detach %w : tensor<4xf32>
  %3 = esper.multiply %1, %2 : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %4 = esper.add %1, %w : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %3, %4 : tensor<?x4xf32>, tensor<?x4xf32>
}
