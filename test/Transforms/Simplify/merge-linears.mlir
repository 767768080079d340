// RUN: tez-opt --esper-merge-linears %s | FileCheck %s
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
