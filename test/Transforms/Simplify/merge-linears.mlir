// RUN: tez-opt --esper-merge-linears %s | FileCheck %s
// RUN: tez-opt --pass-pipeline='builtin.module(esper.kernel(esper-merge-linears{heads-only}))' %s | FileCheck %s --check-prefix=HEADS
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-merge-linears),test-compare-with-reference{training=false})'

// Gate and up: one product.
// CHECK-LABEL: esper.kernel @gate_and_up(
// CHECK-DAG:     %[[W:.*]] = esper.concat %{{.*}}, %{{.*}} {dim = 0 : i64} : (tensor<6x4xf32>, tensor<5x4xf32>) -> tensor<11x4xf32>
// CHECK-DAG:     %[[B:.*]] = esper.concat %{{.*}}, %{{.*}} {dim = 0 : i64} : (tensor<6xf32>, tensor<5xf32>) -> tensor<11xf32>
// CHECK:         %[[Y:.*]] = esper.linear %arg0, %[[W]], %[[B]]
// CHECK-NEXT:    %[[P:.*]]:2 = esper.split %[[Y]]
// CHECK-NOT:     esper.linear
// CHECK:         esper.return %[[P]]#0, %[[P]]#1
esper.kernel @gate_and_up(%x: tensor<?x4xf32>) -> (tensor<?x6xf32>, tensor<?x5xf32>) {
  %v = esper.param "gate.weight" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %c = esper.param "gate.bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %a = esper.linear %x, %v, %c : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %w = esper.param "up.weight" <uniform, -0.5, 0.5> : tensor<5x4xf32>
  %d = esper.param "up.bias" <uniform, -0.5, 0.5> : tensor<5xf32>
  %b = esper.linear %x, %w, %d : (tensor<?x4xf32>, tensor<5x4xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  esper.return %a, %b : tensor<?x6xf32>, tensor<?x5xf32>
}

// One has a bias, the other none; a weight that is an input; two inputs.
// CHECK-LABEL: esper.kernel @kept(
// CHECK-COUNT-4: esper.linear
// CHECK-NOT:     esper.split
esper.kernel @kept(%x: tensor<?x4xf32>, %z: tensor<?x4xf32>, %u: tensor<5x4xf32>) -> (tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>) {
  %w = esper.param "weight" <uniform, -0.5, 0.5> : tensor<5x4xf32>
  %c = esper.param "bias" <uniform, -0.5, 0.5> : tensor<5xf32>
  %a = esper.linear %x, %w : (tensor<?x4xf32>, tensor<5x4xf32>) -> tensor<?x5xf32>
  %b = esper.linear %x, %w, %c : (tensor<?x4xf32>, tensor<5x4xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  %d = esper.linear %x, %u : (tensor<?x4xf32>, tensor<5x4xf32>) -> tensor<?x5xf32>
  %e = esper.linear %z, %w : (tensor<?x4xf32>, tensor<5x4xf32>) -> tensor<?x5xf32>
  esper.return %a, %b, %d, %e : tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>
}

// Query and key are split into heads; nothing else is, above.
// HEADS-LABEL: esper.kernel @gate_and_up(
// HEADS-NOT:     esper.split
// CHECK-LABEL: esper.kernel @heads(
// HEADS-LABEL: esper.kernel @heads(
// HEADS:         esper.linear
// HEADS-NEXT:    esper.split
// HEADS-NOT:     esper.linear
esper.kernel @heads(%x: tensor<?x3x4xf32>) -> (tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>) {
  %v = esper.param "q.weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %a = esper.linear %x, %v : (tensor<?x3x4xf32>, tensor<4x4xf32>) -> tensor<?x3x4xf32>
  %q = esper.unflatten %a {dim = -1 : i64, sizes = array<i64: 2, 2>} : (tensor<?x3x4xf32>) -> tensor<?x3x2x2xf32>
  %w = esper.param "k.weight" <uniform, -0.5, 0.5> : tensor<4x4xf32>
  %b = esper.linear %x, %w : (tensor<?x3x4xf32>, tensor<4x4xf32>) -> tensor<?x3x4xf32>
  %k = esper.unflatten %b {dim = -1 : i64, sizes = array<i64: 2, 2>} : (tensor<?x3x4xf32>) -> tensor<?x3x2x2xf32>
  esper.return %q, %k : tensor<?x3x2x2xf32>, tensor<?x3x2x2xf32>
}
