// RUN: tez-opt --esper-reuse-buffers %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(esper.kernel(esper-decompose-composites),tez-keep-reference,esper.kernel(esper-reuse-buffers),test-compare-with-reference{training=false})'

// CHECK-LABEL: esper.kernel @activation(
// CHECK:         esper.activation "relu"  %{{.*}} {esper.in_place}
// CHECK:         esper.scale %{{.*}} {esper.in_place}
esper.kernel @activation(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %r = esper.activation "relu" %l : tensor<?x4xf32>
  %y = esper.scale %r, 2.0 : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// The residual has the batch of the linear's input, so it fits; the sum is turned round.
// CHECK-LABEL: esper.kernel @residual(
// CHECK:         %[[L:.*]] = esper.linear
// CHECK:         esper.add %[[L]], %arg0 {esper.in_place}
esper.kernel @residual(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %y = esper.add %x, %l : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// The batches of two inputs may differ: one may broadcast. An input is not ours; nor is what is read again or viewed.
// CHECK-LABEL: esper.kernel @kept(
// CHECK-NOT:     esper.in_place
esper.kernel @kept(%x: tensor<?x4xf32>, %z: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x2x2xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %a = esper.add %l, %z : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %b = esper.activation "relu" %x : tensor<?x4xf32>
  %m = esper.linear %z, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %c = esper.activation "relu" %m : tensor<?x4xf32>
  %u = esper.unflatten %m {dim = -1 : i64, sizes = array<i64: 2, 2>} : (tensor<?x4xf32>) -> tensor<?x2x2xf32>
  %d = esper.activation "relu" %u : tensor<?x2x2xf32>
  esper.return %a, %b, %c, %d : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x2x2xf32>
}

// It may train.
// CHECK-LABEL: esper.kernel @trains(
// CHECK-NOT:     esper.in_place
esper.kernel @trains(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %y = esper.activation "relu" %l : tensor<?x4xf32>
  esper.return %y : tensor<?x4xf32>
}

// A constant of the full rank adds a dimension where a call leaves the batch out; keys of another batch broadcast.
// CHECK-LABEL: esper.kernel @broadcasts(
// CHECK-NOT:     esper.in_place
esper.kernel @broadcasts(%x: tensor<?x4xf32>, %q: tensor<?x5x4xf32>, %k: tensor<?x3x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) attributes {esper.infer} {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %c = esper.param "shift" <uniform, -0.5, 0.5> : tensor<1x4xf32>
  %l = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %y = esper.subtract %l, %c : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  %m = esper.linear %q, %w : (tensor<?x5x4xf32>, tensor<4x4xf32>) -> tensor<?x5x4xf32>
  %a = esper.sdpa %q, %k, %k {scale = 0.5 : f64} : (tensor<?x5x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>) -> tensor<?x5x4xf32>
  %z = esper.add %m, %a : (tensor<?x5x4xf32>, tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
  esper.return %y, %z : tensor<?x4xf32>, tensor<?x5x4xf32>
}
